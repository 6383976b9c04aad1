/**
 * From the start of the process to the first exchange, and to the first registry token, in milliseconds, on a store that
 * has its keys: `npm run bench:start [-- --runs 7]`. Two floors of the same run stand beside: a Node that does nothing,
 * and a Hono server with one route. Runs interleave, so that a slow minute of the machine falls on all; read the ratios.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findProgram } from "../demo/registry.ts";
import { startRedis } from "./redis.ts";
import { prepareStarter, startEmptyServer } from "./start/starter.ts";
import { signingKey } from "./traffic.ts";

/** Milliseconds since the process was started. */
type Measure = () => Promise<Readonly<Record<string, number>>>;

const { values } = parseArgs({ options: { runs: { type: "string", default: "7" } } });
const folder = mkdtempSync(join(tmpdir(), "berth-bench-"));
const redisServer = findProgram("redis-server");
const redis = redisServer === undefined ? undefined : await startRedis(redisServer, folder);
if (redis === undefined) console.log("redis-server is not on PATH: the Redis rows are left out\n");
try {
  const measures = new Map<string, Measure>([
    ["node -e 0", measureNode],
    ["empty Hono server", startEmptyServer],
  ]);
  const key = await signingKey();
  const stores = { SQLite: {}, ...(redis && { Redis: { BERTH_REDIS_URL: redis.url } }) };
  for (const [store, env] of Object.entries(stores)) {
    const measure = await prepareStarter(join(folder, store), key, env);
    measures.set(`Berth on ${store}`, () => measure({}));
    measures.set(`Berth on ${store}, compile cache`, () =>
      measure({ NODE_COMPILE_CACHE: join(folder, "compiled") }),
    );
    measures.set(`Berth on ${store}, 2 processes`, () => measure({ BERTH_PROCESSES: "2" }));
  }
  printTable(await measureAll(measures, Number(values.runs)));
} finally {
  await redis?.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function measureNode() {
  const start = performance.now();
  spawnSync(process.execPath, ["-e", "0"]);
  return { listening: performance.now() - start };
}

/** For each name: the median of each figure. The first round fills caches of the system, and does not count. */
async function measureAll(measures: ReadonlyMap<string, Measure>, runs: number) {
  const taken = new Map<string, Record<string, number>[]>();
  for (let run = 0; run <= runs; run += 1) {
    for (const [name, measure] of measures) {
      const figures = await measure();
      if (run > 0) taken.set(name, [...(taken.get(name) ?? []), figures]);
    }
  }
  return [...taken].map(([name, all]) => {
    const figures = Object.keys(all[0] ?? {});
    return [name, Object.fromEntries(figures.map((figure) => [figure, medianOf(all, figure)]))] as const;
  });
}

function medianOf(all: readonly Readonly<Record<string, number>>[], figure: string): number {
  const sorted = all.map((one) => one[figure] ?? 0).toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function printTable(rows: readonly (readonly [string, Readonly<Record<string, number>>])[]): void {
  const figures = ["listening", "exchange", "registry token"];
  const floor = rows.find(([name]) => name === "empty Hono server")?.[1].listening ?? Number.NaN;
  const cell = (value: number | undefined) =>
    value === undefined ? "" : `${value.toFixed(0)} ms (${(value / floor).toFixed(1)})`;
  console.log(`medians of ${values.runs} starts; in brackets: times the empty Hono server's start\n`);
  console.log(`| from the start of the process to | ${figures.join(" | ")} |\n|---|---|---|---|`);
  for (const [name, row] of rows) {
    console.log(`| ${name} | ${figures.map((figure) => cell(row[figure])).join(" | ")} |`);
  }
}
