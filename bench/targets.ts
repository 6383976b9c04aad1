import { join } from "node:path";
import { findProgram } from "../demo/registry.ts";
import { startBerth } from "./berth-server.ts";
import { startChild } from "./child.ts";
import { startRedis } from "./redis.ts";
import type { Bench, Store, Target } from "./target.ts";
import { exchangeRequests, registryTokenRequests, signingKey } from "./traffic.ts";

export interface Targets {
  readonly targets: readonly Target[];
  /** Folders with the CPU profile of each Berth, which is there once it has stopped. */
  readonly profiles: readonly { readonly name: string; readonly folder: string }[];
  close(): Promise<void>;
}

/** Floors and Berths, each by itself. Redis is left out, and said so, where there is none. */
export async function startTargets(folder: string, profile: boolean): Promise<Targets> {
  const bench: Bench = { folder, key: await signingKey(), profile, running: [] };
  const targets = [
    await startFloor(bench, { route: "exchange", name: "bare", kind: "bare" }, "bare-verify"),
    await startFloor(bench, stackExchange("SQLite"), "stack-exchange"),
    await startFloor(bench, { route: "registry token", name: "bare", kind: "bare" }, "bare-sign"),
    await startFloor(
      bench,
      { route: "registry token", name: "stack", kind: "stack" },
      "stack-registry-token",
    ),
  ];
  const berths = [...(await startBerths(bench, "SQLite", {}))];
  const redisServer = findProgram("redis-server");
  if (redisServer) {
    const redis = await startRedis(redisServer, folder);
    bench.running.push(redis);
    const floor = { BENCH_REDIS_URL: redis.url };
    targets.push(await startFloor(bench, stackExchange("Redis"), "stack-exchange-redis", floor));
    berths.push(...(await startBerths(bench, "Redis", { BERTH_REDIS_URL: redis.url })));
  } else {
    console.log("redis-server is not on PATH: the Redis rows are left out\n");
  }
  return {
    targets: [...targets, ...berths.flatMap((berth) => berth.targets)],
    profiles: berths.flatMap(({ name, profile }) => (profile ? [{ name, folder: profile }] : [])),
    close: async () => {
      for (const one of bench.running.toReversed()) await one.stop();
    },
  };
}

type Floor = Pick<Target, "route" | "name" | "kind" | "store">;

function stackExchange(store: Store): Floor {
  return { route: "exchange", name: `stack on ${store}`, kind: "stack", store };
}

/** One process, and two: of these no profile is taken, which would be two halves of the same. */
async function startBerths(bench: Bench, store: Store, env: Readonly<Record<string, string>>) {
  const one = await startBerth(bench, store, env, 1);
  return bench.profile ? [one] : [one, await startBerth(bench, store, env, 2)];
}

async function startFloor(
  bench: Bench,
  floor: Floor,
  script: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Target> {
  const { key } = bench;
  const file = join(bench.folder, "floor.db");
  const child = await startChild(new URL(`./floors/${script}.ts`, import.meta.url).pathname, {
    env: { BENCH_JWK: JSON.stringify(key.publicJwk), BENCH_FILE: file, ...env },
  });
  bench.running.push(child);
  const requests = (count: number) =>
    floor.route === "exchange"
      ? exchangeRequests(key, child.origin, count)
      : registryTokenRequests(undefined, count);
  return { ...floor, origin: child.origin, cpuMs: child.cpuMs, requests };
}
