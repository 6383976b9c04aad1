import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { stringify } from "yaml";
import { ROBOT, SERVICE } from "./declaration.ts";

/** A program on PATH, or undefined. */
export function findProgram(...names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A real registry (CNCF distribution) that trusts Berth's CA and nothing else. */
export async function startRegistry(program: string, folder: string, port: number, berth: string) {
  const caFile = join(folder, "berth-ca.pem");
  writeFileSync(caFile, await (await fetch(`${berth}/keys/ca.pem`)).text());
  const configFile = join(folder, "registry.yml");
  writeFileSync(
    configFile,
    stringify({
      version: 0.1,
      log: { level: "error" },
      storage: { filesystem: { rootdirectory: join(folder, "images") } },
      http: { addr: `127.0.0.1:${port}` },
      auth: { token: { realm: `${berth}/v2/auth`, service: SERVICE, issuer: berth, rootcertbundle: caFile } },
    }),
  );
  // Every REGISTRY_* variable would be configuration, skopeo's REGISTRY_AUTH_FILE among them.
  const child = spawn(program, ["serve", configFile], { env: { PATH: process.env.PATH }, stdio: "ignore" });
  await untilItAnswers(`http://127.0.0.1:${port}/v2/`);
  return { close: () => child.kill() };
}

/** Pushes an image made here, and pulls it back, with skopeo. Returns the digest that the registry holds. */
export async function pushAndPull(
  skopeo: string,
  folder: string,
  port: number,
  credential: string,
): Promise<string> {
  const host = `127.0.0.1:${port}`;
  const image = `docker://${host}/acme/app:demo`;
  const authFile = join(folder, "auth.json");
  const login = [
    "login",
    "--authfile",
    authFile,
    "--tls-verify=false",
    "-u",
    ROBOT,
    "--password-stdin",
    host,
  ];
  await run(skopeo, login, credential);
  const copy = ["--insecure-policy", "copy", "--authfile", authFile];
  await run(skopeo, [...copy, "--dest-tls-verify=false", `oci:${makeImage(folder)}:demo`, image]);
  await run(skopeo, [...copy, "--src-tls-verify=false", image, `dir:${join(folder, "pulled")}`]);
  const inspect = ["inspect", "--authfile", authFile, "--tls-verify=false", "--format", "{{.Digest}}", image];
  return (await run(skopeo, inspect)).trim();
}

/** Runs a program to its end; without blocking, since Berth answers it from this very process. */
function run(program: string, args: readonly string[], input = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: "pipe" });
    let output = "";
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk));
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${program} ${args[0]} ended with ${code}: ${errors.trim()}`));
    });
    child.stdin.end(input);
  });
}

/** The smallest image: one empty layer, in the OCI image layout. */
function makeImage(folder: string): string {
  const layout = join(folder, "image");
  const blobs = join(layout, "blobs", "sha256");
  mkdirSync(blobs, { recursive: true });
  const blob = (content: Buffer | object, mediaType: string) => {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
    const hash = createHash("sha256").update(bytes).digest("hex");
    writeFileSync(join(blobs, hash), bytes);
    return { mediaType, digest: `sha256:${hash}`, size: bytes.length };
  };
  const layer = blob(Buffer.alloc(1024), "application/vnd.oci.image.layer.v1.tar");
  const config = blob(
    { architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids: [layer.digest] } },
    "application/vnd.oci.image.config.v1+json",
  );
  const manifest = blob(
    { schemaVersion: 2, config, layers: [layer] },
    "application/vnd.oci.image.manifest.v1+json",
  );
  const tagged = { ...manifest, annotations: { "org.opencontainers.image.ref.name": "demo" } };
  writeFileSync(join(layout, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [tagged] }));
  writeFileSync(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  return layout;
}

async function untilItAnswers(url: string): Promise<void> {
  const deadline = Date.now() + 5000;
  while (Date.now() < deadline) {
    if (await answers(url)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the registry did not start within 5 seconds");
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).status > 0;
  } catch {
    return false;
  }
}
