import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, beforeAll, vi } from "vitest";
import { connectRedis, type RedisConnection } from "../../src/adapters/redis/connection.ts";
import type { ConnectionOptions } from "../../src/adapters/redis/options.ts";
import { describeWith, findServerUrl } from "./find-server.ts";
import { findRedis, type RedisServer, startRedis } from "./redis-server.ts";

/** A Redis to test on: on a shared one each test has a key prefix of its own. */
export interface RedisUnderTest {
  readonly kind: "single" | "cluster";
  url(): string;
}

/**
 * A suite on the Redis that the environment names, else on one of its own; and on one in cluster mode, which
 * refuses a command or a script that takes keys of two slots together.
 */
export function describeWithRedis(name: string, suite: (redis: RedisUnderTest) => void): void {
  const named = findServerUrl("redis");
  if (named === undefined) describeWithOwnRedis(name, "single", startRedis, suite);
  else describeWith("redis", named, name, (url) => suite({ kind: "single", url: () => url }));
  describeWithOwnRedis(name, "cluster", startClusterNode, suite);
}

function describeWithOwnRedis(
  name: string,
  kind: RedisUnderTest["kind"],
  start: () => Promise<RedisServer>,
  suite: (redis: RedisUnderTest) => void,
): void {
  describeWith("redis", findRedis(), `${name} (${kind})`, () => {
    let server: RedisServer | undefined;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server?.stop());
    suite({ kind, url: () => server?.url ?? "" });
  });
}

/** A cluster of one node, which has all slots. */
async function startClusterNode(): Promise<RedisServer> {
  const server = await startRedis(["--cluster-enabled", "yes"]);
  const client = new Redis(server.url);
  try {
    await client.cluster("ADDSLOTS", ...Array.from({ length: 16_384 }, (_, slot) => slot));
    await vi.waitUntil(async () => (await client.cluster("INFO")).includes("cluster_state:ok"), {
      timeout: 10_000,
      interval: 25,
    });
    return server;
  } catch (fault) {
    await server.stop();
    throw fault;
  } finally {
    client.disconnect();
  }
}

export interface OpenRedis {
  readonly connection: RedisConnection;
  /** Removes what was written under the prefix, and ends the connection. */
  close(): Promise<void>;
}

/** A connection under a key prefix of its own: an empty store on a server that others use as well. */
export async function openRedis(url: string, options: Partial<ConnectionOptions> = {}): Promise<OpenRedis> {
  const keyPrefix = `test-${randomUUID()}:`;
  const connection = connectRedis({ url, keyPrefix, ...options });
  await connection.whenReady(10_000);
  return {
    connection,
    close: async () => {
      await connection.send(async (client) => {
        const keys = await client.keys(`${keyPrefix}*`);
        await Promise.all(keys.map((key) => client.unlink(key)));
      });
      connection.close();
    },
  };
}
