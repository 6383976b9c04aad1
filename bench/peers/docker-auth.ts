import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../../demo/free-port.ts";
import type { BenchRequest } from "../load.ts";
import { SERVICE } from "../traffic.ts";
import type { Peer, PeerSetting } from "./peer.ts";
import { startPeer } from "./process.ts";

const ACCOUNTS = {
  "docker_auth, no password": { user: "unchecked", work: "checks no password; signs ES256; no store" },
  "docker_auth, bcrypt 5": {
    user: "hashed",
    work: "checks a password by bcrypt, cost 5; signs ES256; no store",
  },
};

/** One server with two accounts, of which each is a peer. */
export async function startDockerAuth(program: string, setting: PeerSetting): Promise<readonly Peer[]> {
  const folder = join(setting.folder, "docker-auth");
  mkdirSync(folder);
  await writeKey(folder);
  const port = await freePort();
  const file = join(folder, "docker-auth.yml");
  const settings = readFileSync(new URL("docker-auth.yml", import.meta.url), "utf8");
  writeFileSync(file, settings.replaceAll("FOLDER", folder).replaceAll("PORT", `${port}`));
  const child = await startPeer(program, ["-logtostderr", file], folder, port);
  setting.onClose(child.stop);
  return Object.entries(ACCOUNTS).map(([name, { user, work }]) => ({
    name,
    work,
    origin: `http://127.0.0.1:${port}`,
    cpuMs: () => ({ server: child.cpuMs(), store: 0 }),
    requests: async (count) => new Array<BenchRequest>(count).fill(tokenRequest(user)),
  }));
}

function tokenRequest(user: string): BenchRequest {
  const query = new URLSearchParams({ service: SERVICE, scope: "repository:acme/app:pull,push" });
  const authorization = `Basic ${Buffer.from(`${user}:123`).toString("base64")}`;
  return { method: "GET", path: `/auth?${query}`, headers: { authorization } };
}

/** A P-256 key and its certificate, so that the tokens are signed as Berth's are. */
async function writeKey(folder: string): Promise<void> {
  const [key, certificate] = [join(folder, "token.key"), join(folder, "token.pem")];
  await promisify(execFile)("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"],
    ...["-subj", "/CN=docker_auth", "-keyout", key, "-out", certificate],
  ]);
}
