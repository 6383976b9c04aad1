import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../demo/free-port.ts";
import { startChild } from "../child.ts";
import { benchDeclaration, exchangeRequests, registryTokenRequests } from "../traffic.ts";
import type { Peer, PeerSetting } from "./peer.ts";

const CLI = new URL("../../src/entrypoints/cli.ts", import.meta.url).pathname;

/** Berth itself, on Redis. */
export async function startBerth({
  folder,
  key,
  redis,
  onClose,
}: PeerSetting): Promise<readonly [Peer, Peer]> {
  const port = await freePort();
  const file = join(folder, "berth.yaml");
  writeFileSync(file, benchDeclaration(key.jwks));
  const child = await startChild(CLI, {
    args: ["serve"],
    env: {
      BERTH_PUBLIC_URL: `http://127.0.0.1:${port}`,
      BERTH_LISTEN: `127.0.0.1:${port}`,
      BERTH_DATA_DIR: join(folder, "berth"),
      BERTH_FILE: file,
      BERTH_ENCRYPTION_KEY: `bench:${Buffer.alloc(32, 1).toString("base64")}`,
      BERTH_REDIS_URL: redis.url,
    },
  });
  onClose(child.stop);
  const { origin } = child;
  const common = {
    name: "Berth on Redis",
    origin,
    cpuMs: () => ({ server: child.cpuMs() ?? Number.NaN, store: redis.cpuMs() }),
  };
  return [
    {
      ...common,
      work: "verifies, reads robot and rules, then one atomic write: single use, credential, audit event",
      requests: (count) => exchangeRequests(key, origin, count),
    },
    {
      ...common,
      work: "checks a SHA-256, reads credential and robot (their state now), signs ES256",
      requests: (count) => registryTokenRequests({ key, origin }, count),
    },
  ];
}
