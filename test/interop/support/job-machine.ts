import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClientName } from "./clients.ts";
import { type Run, runCommand } from "./command.ts";
import { LAYOUT_TAG, writeImageLayout } from "./image-layout.ts";
import { installedClients } from "./programs.ts";

const BUNDLE = new URL("../../../dist/client/berth.mjs", import.meta.url).pathname;

type Variables = Readonly<Record<string, string>>;

/** What a client reads of an image, which needs a login. Registries speak plain HTTP here. */
const READ: Readonly<Record<ClientName, (image: string, folder: string) => readonly string[]>> = {
  docker: (image) => ["manifest", "inspect", "--insecure", image],
  skopeo: (image) => ["inspect", "--raw", "--tls-verify=false", `docker://${image}`],
  podman: (image, folder) => [
    ...["--root", join(folder, "podman"), "--runroot", join(folder, "podman-run"), "--storage-driver", "vfs"],
    ...["pull", "--quiet", "--tls-verify=false", image],
  ],
  crane: (image) => ["digest", image],
  oras: (image) => ["manifest", "fetch", "--plain-http", image],
};

/**
 * A machine on which CI jobs run: a home, the client's one file alone in a folder, and the container tools. What they
 * find and leave is in the home.
 */
export class JobMachine {
  readonly folder = mkdtempSync(join(tmpdir(), "berth-machine-"));
  readonly home = join(this.folder, "home");
  readonly #variables: Variables;
  #printed = "";

  /** @param variables Of the CI platform, for every job. */
  constructor(variables: Variables) {
    this.#variables = variables;
    for (const name of ["home", "bin", "run", "tmp"]) mkdirSync(join(this.folder, name));
    copyFileSync(BUNDLE, join(this.folder, "bin", "berth.mjs"));
    symlinkSync("berth.mjs", join(this.folder, "bin", "docker-credential-berth"));
  }

  /** All that every run has printed. */
  get printed(): string {
    return this.#printed;
  }

  /** `berth ARGS…` in a job. */
  berth(args: readonly string[], job: Variables = {}): Promise<Run> {
    return this.run(process.execPath, [join(this.folder, "bin", "berth.mjs"), ...args], job);
  }

  /** `docker-credential-berth get`, as a client calls it. */
  helperGet(registry: string, job: Variables = {}): Promise<Run> {
    return this.run(join(this.folder, "bin", "docker-credential-berth"), ["get"], job, registry);
  }

  /** Reads an image with one of the clients. */
  read(client: ClientName, image: string, job: Variables = {}): Promise<Run> {
    return this.run(programOf(client), READ[client](image, this.folder), job);
  }

  /** Pushes a new image, whose one layer holds its name, with skopeo. */
  push(image: string, job: Variables = {}): Promise<Run> {
    const source = `oci:${writeImageLayout(this.folder, image)}:${LAYOUT_TAG}`;
    const args = ["--insecure-policy", "copy", "--dest-tls-verify=false", source, `docker://${image}`];
    return this.run(programOf("skopeo"), args, job);
  }

  async run(program: string, args: readonly string[], job: Variables = {}, input?: string): Promise<Run> {
    const run = await runCommand(program, args, {
      env: {
        PATH: `${join(this.folder, "bin")}:${process.env.PATH ?? ""}`,
        HOME: this.home,
        XDG_RUNTIME_DIR: join(this.folder, "run"),
        TMPDIR: join(this.folder, "tmp"),
        ...this.#variables,
        ...job,
      },
      ...(input === undefined ? {} : { input }),
    });
    this.#printed += run.stdout + run.stderr;
    return run;
  }

  /** The password that Docker's configuration in `folder` has for a registry. */
  password(registry: string, folder = join(this.home, ".docker")): string | undefined {
    const { auths = {} } = JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as {
      auths?: Record<string, { auth?: string }>;
    };
    const auth = auths[registry]?.auth;
    return auth === undefined
      ? undefined
      : Buffer.from(auth, "base64")
          .toString()
          .replace(/^[^:]*:/, "");
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The variables that a login printed for the shell to evaluate. */
export function exportsIn({ stdout }: Run): Variables {
  const lines = [...stdout.matchAll(/^export (\w+)='(.*)'$/gm)];
  return Object.fromEntries(lines.map(([, name = "", value = ""]) => [name, value]));
}

function programOf(client: ClientName): string {
  const program = installedClients.get(client);
  if (program === undefined) throw new Error(`${client} is not here: this test must be skipped`);
  return program;
}
