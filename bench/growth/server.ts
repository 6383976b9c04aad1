import { mkdirSync } from "node:fs";
import { freePort } from "../../demo/free-port.ts";
import { RedisDirectory } from "../../src/adapters/directory/redis-directory.ts";
import { RedisLedger } from "../../src/adapters/ledger/redis-ledger.ts";
import { connectRedis, type RedisConnection } from "../../src/adapters/redis/connection.ts";
import { cpuMs, startChild } from "../child.ts";
import { startRedis } from "../redis.ts";
import { writeSystem } from "../scale/records.ts";
import type { SigningKey } from "../traffic.ts";

const CLI = new URL("../../src/entrypoints/cli.ts", import.meta.url).pathname;

/** A Berth with a Redis of its own, whose records the benchmark writes past it, with its adapters. */
export interface GrowthServer {
  readonly origin: string;
  readonly connection: RedisConnection;
  readonly directory: RedisDirectory;
  readonly ledger: RedisLedger;
  /** A connection as another Berth would have one. */
  connect(): Promise<RedisConnection>;
  /** CPU time so far, in milliseconds. */
  berthCpuMs(): number;
  redisCpuMs(): number;
  berthMib(): number;
  stop(): Promise<void>;
}

export async function startGrowthServer(
  program: string,
  folder: string,
  key: SigningKey,
): Promise<GrowthServer> {
  mkdirSync(folder);
  const redis = await startRedis(program, folder);
  const port = await freePort();
  const child = await startChild(CLI, {
    args: ["serve"],
    env: {
      BERTH_PUBLIC_URL: `http://127.0.0.1:${port}`,
      BERTH_LISTEN: `127.0.0.1:${port}`,
      BERTH_DATA_DIR: folder,
      BERTH_ENCRYPTION_KEY: `bench:${Buffer.alloc(32, 1).toString("base64")}`,
      BERTH_REDIS_URL: redis.url,
      BERTH_COLLECT_SECONDS: "0",
      BERTH_REFUSAL_DELAY_MS: "10",
      // The clients' addresses are those that the benchmark says.
      BERTH_TRUSTED_PROXIES: "127.0.0.1",
    },
  });
  const connect = async () => {
    const connected = connectRedis({ url: redis.url, keyPrefix: "berth:", deadlineMs: 60_000 });
    await connected.whenReady();
    return connected;
  };
  const connection = await connect();
  // A snapshot or a rewrite of the append-only file in the background would fall on one of two measurements.
  await connection.send("", (client) => client.config("SET", "auto-aof-rewrite-percentage", "0", "save", ""));
  const directory = new RedisDirectory(connection);
  await writeSystem(directory, child.origin, key);
  return {
    origin: child.origin,
    connection,
    connect,
    directory,
    ledger: new RedisLedger(connection),
    berthCpuMs: () => child.cpuMs() ?? Number.NaN,
    redisCpuMs: () => cpuMs(redis.pid) ?? Number.NaN,
    berthMib: () => child.residentMib() ?? Number.NaN,
    stop: async () => {
      connection.close();
      await child.stop();
      await redis.stop();
    },
  };
}
