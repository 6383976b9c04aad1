import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../demo/free-port.ts";
import { type Child, residentMib, startChild } from "../child.ts";
import { startRedis } from "../redis.ts";
import type { SigningKey } from "../traffic.ts";
import { writeNamespace, writeSystem } from "./records.ts";
import { openStore, writeApiToken } from "./store.ts";

export const CLI = new URL("../../src/entrypoints/cli.ts", import.meta.url).pathname;

/** The namespace under test, and the one that its figures are held against. */
export const NAMESPACES = { small: "small", big: "big" } as const;
export type Size = keyof typeof NAMESPACES;

/** A Berth on one store with two namespaces. */
export interface ScaledBerth {
  readonly name: string;
  readonly origin: string;
  readonly apiToken: string;
  readonly robots: Readonly<Record<Size, number>>;
  /** For other commands on the same store. */
  readonly env: Readonly<Record<string, string>>;
  /** MiB of Berth, and of Redis where it is the store. */
  residentMib(): readonly (number | undefined)[];
  stop(): Promise<void>;
}

interface Setting {
  readonly name: string;
  readonly folder: string;
  readonly key: SigningKey;
  readonly robots: ScaledBerth["robots"];
  /** Path of redis-server; absent: SQLite. */
  readonly redisServer?: string;
}

export async function startScaledBerth(setting: Setting): Promise<ScaledBerth> {
  const { name, key, robots } = setting;
  const folder = join(setting.folder, setting.redisServer === undefined ? "sqlite" : "on-redis");
  mkdirSync(folder);
  const redis = setting.redisServer === undefined ? undefined : await startRedis(setting.redisServer, folder);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const env = {
    BERTH_PUBLIC_URL: origin,
    BERTH_LISTEN: `127.0.0.1:${port}`,
    BERTH_DATA_DIR: folder,
    BERTH_ENCRYPTION_KEY: `bench:${Buffer.alloc(32, 1).toString("base64")}`,
    // The benchmark collects when it measures that.
    BERTH_COLLECT_SECONDS: "0",
    ...(redis && { BERTH_REDIS_URL: redis.url }),
  };
  // Started first: it takes the keys of a store with records and none to be lost.
  const child: Child = await startChild(CLI, { env, args: ["serve"] });
  const apiToken = await writeRecords(folder, redis?.url, { origin, key, robots });
  return {
    ...{ name, origin, apiToken, robots, env },
    residentMib: () => [child.residentMib(), ...(redis ? [residentMib(redis.pid)] : [])],
    stop: async () => {
      await child.stop();
      await redis?.stop();
    },
  };
}

async function writeRecords(
  folder: string,
  redisUrl: string | undefined,
  { origin, key, robots }: Pick<ScaledBerth, "origin" | "robots"> & { readonly key: SigningKey },
): Promise<string> {
  const store = await openStore(folder, redisUrl);
  try {
    await writeSystem(store.directory, origin, key);
    for (const size of ["small", "big"] as const) {
      await writeNamespace(store.directory, NAMESPACES[size], { count: robots[size] });
    }
    return await writeApiToken(store.apiTokens);
  } finally {
    store.close();
  }
}
