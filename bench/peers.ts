/**
 * Berth beside programs that do a part of its work, in the same run: OpenBao's JWT login and oidc-provider's token
 * endpoint for exchanges, docker_auth for registry tokens. The same RS256 identity tokens and ES256 signatures; every
 * store writes to disk before it answers. No two do the same work: what each does is printed with it.
 * `npm run bench:peers [-- --requests 1000 --rounds 3 --connections 16]`. Programs are fetched by their own package
 * clients into the folder of the tests' programs; one that cannot be had is left out, and said so.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findProgram } from "../demo/registry.ts";
import { cpuMs } from "./child.ts";
import { startBerth } from "./peers/berth.ts";
import { startDockerAuth } from "./peers/docker-auth.ts";
import { measurePeers } from "./peers/measure.ts";
import { startOidcProvider } from "./peers/oidc-provider.ts";
import { startOpenBao } from "./peers/openbao.ts";
import type { Peer, PeerSetting } from "./peers/peer.ts";
import { type Found, findDockerAuth, findOidcProvider, findOpenBao } from "./peers/programs.ts";
import { startRedis } from "./redis.ts";
import { signingKey } from "./traffic.ts";

const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "1000" },
    connections: { type: "string", default: "16" },
    rounds: { type: "string", default: "3" },
  },
});
const run = {
  requests: Number(values.requests),
  connections: Number(values.connections),
  rounds: Number(values.rounds),
};
const redisServer = findProgram("redis-server", "valkey-server");
if (redisServer === undefined) throw new Error("install redis-server or valkey-server");
const folder = mkdtempSync(join(tmpdir(), "berth-peers-"));
const running: (() => Promise<void>)[] = [];
try {
  const redis = await startRedis(redisServer, folder);
  running.push(redis.stop);
  const setting: PeerSetting = {
    folder,
    key: await signingKey(),
    redis: { url: redis.url, cpuMs: () => cpuMs(redis.pid) ?? Number.NaN },
    onClose: (stop) => running.push(stop),
  };
  const [exchange, registryToken] = await startBerth(setting);
  const openBao = await ifFound("OpenBao", await findOpenBao(), (path) => startOpenBao(path, setting));
  const oidcProvider = await ifFound("oidc-provider", await findOidcProvider(), (path) =>
    startOidcProvider(path, setting),
  );
  const dockerAuth = await ifFound("docker_auth", await findDockerAuth(), (path) =>
    startDockerAuth(path, setting),
  );
  await measurePeers("exchange", [exchange, openBao, oidcProvider].filter(isThere), run);
  await measurePeers("registry token", [registryToken, ...(dockerAuth ?? [])], run);
} finally {
  for (const stop of running.toReversed()) await stop();
  rmSync(folder, { recursive: true, force: true });
}

async function ifFound<T>(
  name: string,
  found: Found,
  start: (path: string) => Promise<T>,
): Promise<T | undefined> {
  if ("path" in found) return start(found.path);
  console.log(`${name} is left out, it could not be had: ${found.missing}\n`);
  return undefined;
}

function isThere(peer: Peer | undefined): peer is Peer {
  return peer !== undefined;
}
