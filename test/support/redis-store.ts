import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, beforeAll, vi } from "vitest";
import { connectRedis, type RedisConnection } from "../../src/adapters/redis/connection.ts";
import type { ConnectionOptions } from "../../src/adapters/redis/options.ts";
import { describeWith, findServerUrl } from "./find-server.ts";
import { findRedis, type RedisServer, startRedis } from "./redis-server.ts";
import { TOPOLOGIES } from "./redis-topologies.ts";

/** Suites send thousands of commands at once, on a machine that does other things as well. */
const DEADLINE_MS = 15_000;

/** How a Redis is reached: its URL, and what else its topology needs. */
export type RedisTarget = Pick<ConnectionOptions, "url"> & Partial<ConnectionOptions>;

/** A Redis to test on: on a shared one each test has a key prefix of its own. */
export interface RedisUnderTest {
  readonly kind: string;
  target(): RedisTarget;
}

/** What a suite runs on: started before it, and stopped after it. */
export interface StartedRedis {
  readonly target: RedisTarget;
  stop(): Promise<void>;
}

/**
 * A suite on the Redis that the environment names, else on one of its own; and on one in cluster mode, which
 * refuses a command or a script that takes keys of two slots together. Where `BERTH_TEST_TOPOLOGIES` is set
 * (`npm run test:topologies`), on real fleets instead, which take their time to start.
 */
export function describeWithRedis(name: string, suite: (redis: RedisUnderTest) => void): void {
  if (process.env.BERTH_TEST_TOPOLOGIES !== undefined) {
    for (const { kind, need, found, start } of TOPOLOGIES)
      describeOn(need, found(), kind, start, name, suite);
    return;
  }
  const named = findServerUrl("redis");
  if (named === undefined) describeOn("redis", findRedis(), "single", startSingle, name, suite);
  else describeWith("redis", named, name, (url) => suite({ kind: "single", target: () => ({ url }) }));
  describeOn("redis", findRedis(), "cluster", startClusterNode, name, suite);
}

function describeOn(
  need: string,
  found: string | undefined,
  kind: string,
  start: () => Promise<StartedRedis>,
  name: string,
  suite: (redis: RedisUnderTest) => void,
): void {
  describeWith(need, found, `${name} (${kind})`, () => {
    let started: StartedRedis | undefined;
    beforeAll(async () => {
      started = await start();
    }, 90_000);
    afterAll(() => started?.stop());
    suite({ kind, target: () => started?.target ?? { url: "" } });
  });
}

async function startSingle(): Promise<StartedRedis> {
  const server = await startRedis();
  return { target: { url: server.url }, stop: () => server.stop() };
}

/** A cluster of one node, which has all slots. */
async function startClusterNode(): Promise<StartedRedis> {
  const server = await startRedis(["--cluster-enabled", "yes"]);
  try {
    await giveAllSlots(server);
    return { target: { url: server.url, topology: "cluster" }, stop: () => server.stop() };
  } catch (fault) {
    await server.stop();
    throw fault;
  }
}

async function giveAllSlots(server: RedisServer): Promise<void> {
  const client = new Redis(server.url);
  try {
    await client.cluster("ADDSLOTS", ...Array.from({ length: 16_384 }, (_, slot) => slot));
    await vi.waitUntil(async () => (await client.cluster("INFO")).includes("cluster_state:ok"), {
      timeout: 10_000,
      interval: 25,
    });
  } finally {
    client.disconnect();
  }
}

export interface OpenRedis {
  readonly connection: RedisConnection;
  /** Ends the connection; on a single server, which others may use as well, what was written under the prefix goes. */
  close(): Promise<void>;
}

/** A connection under a key prefix of its own: an empty store on a server that others use as well. */
export async function openRedis(
  target: string | RedisTarget,
  options: Partial<ConnectionOptions> = {},
): Promise<OpenRedis> {
  const keyPrefix = `test-${randomUUID()}:`;
  const reached = typeof target === "string" ? { url: target } : target;
  const connection = connectRedis({ keyPrefix, deadlineMs: DEADLINE_MS, ...reached, ...options });
  await connection.whenReady(10_000);
  return {
    connection,
    close: async () => {
      if (!connection.use.isCluster) {
        await connection.send(keyPrefix, async (client) => {
          const keys = await client.keys(`${keyPrefix}*`);
          await Promise.all(keys.map((key) => client.unlink(key)));
        });
      }
      connection.close();
    },
  };
}
