import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../demo/free-port.ts";
import { startChild } from "./child.ts";
import type { Bench, Store, Target } from "./target.ts";
import { benchDeclaration, exchangeRequests, registryTokenRequests } from "./traffic.ts";

const CLI = new URL("../src/entrypoints/cli.ts", import.meta.url).pathname;

export interface BerthServer {
  readonly name: string;
  /** Its two routes. */
  readonly targets: readonly Target[];
  /** The folder that its CPU profile comes to; undefined where none is taken. */
  readonly profile: string | undefined;
}

/** Berth with one issuer, one robot and one rule, as `berth serve` runs it, log and all. */
export async function startBerth(
  bench: Bench,
  store: Store,
  storeEnv: Readonly<Record<string, string>>,
  processes: 1 | 2,
): Promise<BerthServer> {
  const { folder, key } = bench;
  const port = await freePort();
  const name = `Berth on ${store}${processes === 1 ? "" : `, ${processes} processes`}`;
  const profile = bench.profile ? join(folder, `profile-${store}`) : undefined;
  const file = join(folder, `berth-${port}.yaml`);
  writeFileSync(file, benchDeclaration(key.jwks));
  const child = await startChild(CLI, {
    env: {
      BERTH_PUBLIC_URL: `http://127.0.0.1:${port}`,
      BERTH_LISTEN: `127.0.0.1:${port}`,
      BERTH_DATA_DIR: join(folder, `data-${port}`),
      BERTH_FILE: file,
      BERTH_ENCRYPTION_KEY: `bench:${Buffer.alloc(32, 1).toString("base64")}`,
      BERTH_PROCESSES: String(processes),
      BERTH_DRAIN_SECONDS: "0",
      // On the one Redis, each by itself.
      ...(store === "Redis" ? { BERTH_REDIS_PREFIX: `bench-${processes}:` } : {}),
      ...storeEnv,
    },
    args: ["serve"],
    nodeOptions: profile === undefined ? [] : ["--cpu-prof", "--cpu-prof-dir", profile],
    processes,
  });
  bench.running.push(child);
  const { origin, cpuMs } = child;
  const common = { name, kind: "berth", store, origin, cpuMs } as const;
  const targets: readonly Target[] = [
    { ...common, route: "exchange", requests: (count) => exchangeRequests(key, origin, count) },
    {
      ...common,
      route: "registry token",
      requests: (count) => registryTokenRequests({ key, origin }, count),
    },
  ];
  return { name, targets, profile };
}
