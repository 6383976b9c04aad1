import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../demo/free-port.ts";
import { findProgram } from "../demo/registry.ts";
import { type Child, startChild } from "./child.ts";
import type { BenchRequest } from "./load.ts";
import { startRedis } from "./redis.ts";
import { benchDeclaration, exchangeRequests, registryTokenRequests, signingKey } from "./traffic.ts";

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

const CLI = new URL("../src/entrypoints/cli.ts", import.meta.url).pathname;

function floorScript(name: string): string {
  return new URL(`./floors/${name}.ts`, import.meta.url).pathname;
}

/** Floors and Berths, each in a process of its own. Redis is left out, and said so, where there is none. */
export async function startTargets(folder: string): Promise<{ targets: Target[]; close(): Promise<void> }> {
  const key = await signingKey();
  const env = { BENCH_JWK: JSON.stringify(key.publicJwk), BENCH_FILE: join(folder, "floor.db") };
  const children: { stop(): Promise<void> }[] = [];
  const targets: Target[] = [];
  const floor = async (route: Target["route"], kind: "bare" | "stack", script: string) => {
    const child = await startChild(floorScript(script), env);
    children.push(child);
    const requests = (count: number) =>
      route === "exchange"
        ? exchangeRequests(key, child.origin, count)
        : registryTokenRequests(undefined, count);
    targets.push({ route, name: kind, kind, origin: child.origin, cpuMs: child.cpuMs, requests });
  };
  await floor("exchange", "bare", "bare-verify");
  await floor("exchange", "stack", "stack-exchange");
  await floor("registry token", "bare", "bare-sign");
  await floor("registry token", "stack", "stack-registry-token");

  const berth = async (name: string, store: Record<string, string>) => {
    const child = await startBerth(folder, name, store, key.jwks);
    children.push(child);
    const common = { name, kind: "berth" as const, origin: child.origin, cpuMs: child.cpuMs };
    targets.push({
      ...common,
      route: "exchange",
      requests: (count) => exchangeRequests(key, child.origin, count),
    });
    targets.push({
      ...common,
      route: "registry token",
      requests: (count) => registryTokenRequests({ key, origin: child.origin }, count),
    });
  };
  await berth("Berth on SQLite", {});
  const redisServer = findProgram("redis-server");
  if (redisServer) {
    const redis = await startRedis(redisServer, join(folder));
    await berth("Berth on Redis", { BERTH_REDIS_URL: redis.url });
    children.push(redis);
  } else {
    console.log("redis-server is not on PATH: the Redis rows are left out\n");
  }
  const close = async () => {
    for (const child of children) await child.stop();
  };
  return { targets, close };
}

async function startBerth(
  folder: string,
  name: string,
  store: Record<string, string>,
  jwks: object,
): Promise<Child> {
  const port = await freePort();
  const file = join(folder, `berth-${port}.yaml`);
  writeFileSync(file, benchDeclaration(jwks));
  return startChild(
    CLI,
    {
      BERTH_PUBLIC_URL: `http://127.0.0.1:${port}`,
      BERTH_LISTEN: `127.0.0.1:${port}`,
      BERTH_DATA_DIR: join(folder, name.replaceAll(" ", "-")),
      BERTH_FILE: file,
      BERTH_ENCRYPTION_KEY: `bench:${Buffer.alloc(32, 1).toString("base64")}`,
      ...store,
    },
    ["serve"],
  );
}
