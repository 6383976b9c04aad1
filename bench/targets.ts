import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../demo/free-port.ts";
import { findProgram } from "../demo/registry.ts";
import { startChild } from "./child.ts";
import type { BenchRequest } from "./load.ts";
import { startRedis } from "./redis.ts";
import {
  benchDeclaration,
  exchangeRequests,
  registryTokenRequests,
  type SigningKey,
  signingKey,
} from "./traffic.ts";

export const ROUTES = ["exchange", "registry token"] as const;

/** A server under one kind of load. */
export interface Target {
  readonly route: (typeof ROUTES)[number];
  readonly name: string;
  readonly kind: "bare" | "stack" | "berth";
  readonly origin: string;
  cpuMs(): number | undefined;
  /** `count` requests, made before the clock starts. */
  requests(count: number): Promise<readonly BenchRequest[]>;
}

interface Bench {
  readonly folder: string;
  readonly key: SigningKey;
  readonly profile: boolean;
  /** What is to be stopped at the end, the last started first. */
  readonly running: { stop(): Promise<void> }[];
}

export interface Targets {
  readonly targets: readonly Target[];
  /** Folders with the CPU profile of each Berth, which is there once it has stopped. */
  readonly profiles: readonly { readonly name: string; readonly folder: string }[];
  close(): Promise<void>;
}

const CLI = new URL("../src/entrypoints/cli.ts", import.meta.url).pathname;

/** Floors and Berths, each in a process of its own. Redis is left out, and said so, where there is none. */
export async function startTargets(folder: string, profile: boolean): Promise<Targets> {
  const bench: Bench = { folder, key: await signingKey(), profile, running: [] };
  const targets = [
    await startFloor(bench, "exchange", "bare", "bare-verify"),
    await startFloor(bench, "exchange", "stack", "stack-exchange"),
    await startFloor(bench, "registry token", "bare", "bare-sign"),
    await startFloor(bench, "registry token", "stack", "stack-registry-token"),
    ...(await startBerth(bench, "Berth on SQLite", {})),
  ];
  const names = ["Berth on SQLite"];
  const redisServer = findProgram("redis-server");
  if (redisServer) {
    const redis = await startRedis(redisServer, folder);
    bench.running.push(redis);
    targets.push(...(await startBerth(bench, "Berth on Redis", { BERTH_REDIS_URL: redis.url })));
    names.push("Berth on Redis");
  } else {
    console.log("redis-server is not on PATH: the Redis rows are left out\n");
  }
  return {
    targets,
    profiles: names.map((name) => ({ name, folder: profileFolder(bench, name) })),
    close: async () => {
      for (const one of bench.running.toReversed()) await one.stop();
    },
  };
}

async function startFloor(
  bench: Bench,
  route: Target["route"],
  kind: "bare" | "stack",
  script: string,
): Promise<Target> {
  const { key } = bench;
  const child = await startChild(new URL(`./floors/${script}.ts`, import.meta.url).pathname, {
    env: { BENCH_JWK: JSON.stringify(key.publicJwk), BENCH_FILE: join(bench.folder, "floor.db") },
  });
  bench.running.push(child);
  const requests = (count: number) =>
    route === "exchange"
      ? exchangeRequests(key, child.origin, count)
      : registryTokenRequests(undefined, count);
  return { route, name: kind, kind, origin: child.origin, cpuMs: child.cpuMs, requests };
}

async function startBerth(
  bench: Bench,
  name: string,
  store: Readonly<Record<string, string>>,
): Promise<readonly Target[]> {
  const { folder, key } = bench;
  const port = await freePort();
  const file = join(folder, `berth-${port}.yaml`);
  writeFileSync(file, benchDeclaration(key.jwks));
  const child = await startChild(CLI, {
    env: {
      BERTH_PUBLIC_URL: `http://127.0.0.1:${port}`,
      BERTH_LISTEN: `127.0.0.1:${port}`,
      BERTH_DATA_DIR: join(folder, `data-${port}`),
      BERTH_FILE: file,
      BERTH_ENCRYPTION_KEY: `bench:${Buffer.alloc(32, 1).toString("base64")}`,
      ...store,
    },
    args: ["serve"],
    nodeOptions: bench.profile ? ["--cpu-prof", "--cpu-prof-dir", profileFolder(bench, name)] : [],
  });
  bench.running.push(child);
  const { origin, cpuMs } = child;
  const common = { name, kind: "berth" as const, origin, cpuMs };
  return [
    { ...common, route: "exchange", requests: (count) => exchangeRequests(key, origin, count) },
    {
      ...common,
      route: "registry token",
      requests: (count) => registryTokenRequests({ key, origin }, count),
    },
  ];
}

function profileFolder(bench: Bench, name: string): string {
  return join(bench.folder, `profile-${name.replaceAll(" ", "-")}`);
}
