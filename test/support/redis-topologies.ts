import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loopbackCertificate } from "../../demo/certificate.ts";
import { freePort } from "../../demo/free-port.ts";
import type { Durability } from "../../src/adapters/redis/options.ts";
import { findProgram } from "./find-server.ts";
import { startClusterFleet } from "./redis-fleet-cluster.ts";
import { SENTINEL_NAME, type SentinelFleet, startSentinelFleet } from "./redis-fleet-sentinel.ts";
import { findRedis, startRedis } from "./redis-server.ts";
import type { RedisTarget, StartedRedis } from "./redis-store.ts";

interface TestTopology {
  readonly kind: string;
  /** In `BERTH_TEST_REQUIRE`. */
  readonly need: string;
  found(): string | undefined;
  start(): Promise<StartedRedis>;
}

const DURABLE: Durability = { waitReplicas: 1, waitAof: false, epochOnFailover: true };

/** The ways in which a Berth may have its Redis, each with real servers. */
export const TOPOLOGIES: readonly TestTopology[] = [
  { kind: "Sentinel", need: "redis", found: findRedis, start: () => startSentinels({}) },
  {
    kind: "Sentinel, waiting for a replica, epochs that follow failovers",
    need: "redis",
    found: findRedis,
    start: () => startSentinels({ durability: DURABLE }),
  },
  { kind: "cluster of three primaries", need: "redis", found: findRedis, start: () => startCluster({}) },
  {
    kind: "cluster of three primaries, waiting for a replica, epochs that follow failovers",
    need: "redis",
    found: findRedis,
    start: () => startCluster({ durability: DURABLE }),
  },
  {
    kind: "TLS, client certificate, ACL user, database 3",
    need: "redis",
    found: findRedis,
    start: startTls,
  },
  {
    kind: "Valkey, waiting for its disk",
    need: "valkey",
    found: () => findProgram("valkey-server"),
    start: () =>
      startProgram("valkey-server", { durability: { ...DURABLE, waitReplicas: 0, waitAof: true } }),
  },
  {
    kind: "Redis 6.2",
    need: "redis62",
    found: () => findProgram("redis-server-6.2"),
    start: () => startProgram("redis-server-6.2", { durability: { ...DURABLE, waitReplicas: 0 } }),
  },
];

async function startSentinels(options: Partial<RedisTarget>): Promise<StartedRedis> {
  const fleet = await startSentinelFleet({
    password: "of-the-servers",
    sentinelPassword: "of-the-sentinels",
  });
  return { target: { ...sentinelTarget(fleet), ...options }, stop: () => fleet.stop() };
}

/** How Berth reaches a fleet that was started with these two passwords. */
export function sentinelTarget(fleet: SentinelFleet): RedisTarget {
  const hosts = fleet.sentinels.map(({ address }) => address).join(",");
  return {
    url: `redis://:of-the-servers@${hosts}`,
    topology: "sentinel",
    sentinel: { name: SENTINEL_NAME, password: "of-the-sentinels" },
  };
}

async function startCluster(options: Partial<RedisTarget>): Promise<StartedRedis> {
  const fleet = await startClusterFleet({ password: "of-the-servers" });
  // One of them: it tells of the others.
  const url = `redis://:of-the-servers@${fleet.nodes[0]?.address}`;
  return { target: { url, topology: "cluster", ...options }, stop: () => fleet.stop() };
}

async function startProgram(program: string, options: Partial<RedisTarget>): Promise<StartedRedis> {
  const server = await startRedis([], findProgram(program));
  return { target: { url: server.url, ...options }, stop: () => server.stop() };
}

/** A server that wants a client certificate, and lets one ACL user in, for its keys and the commands of Berth. */
async function startTls(): Promise<StartedRedis> {
  const folder = mkdtempSync(join(tmpdir(), "berth-tls-"));
  const { cert, key } = await loopbackCertificate();
  const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  const port = await freePort();
  const server = await startRedis([
    ...["--tls-port", `${port}`, "--tls-auth-clients", "yes", "--tls-replication", "yes"],
    ...["--tls-cert-file", certFile, "--tls-key-file", keyFile, "--tls-ca-cert-file", certFile],
    ...["--user", "default", "off", "--user", "berth", "on", ">s3cret", "~test-*", "+@all"],
  ]);
  return {
    target: { url: `rediss://berth:s3cret@127.0.0.1:${port}/3`, tls: () => ({ ca: cert, cert, key }) },
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
