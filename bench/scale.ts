/**
 * Whether a namespace with very many robots stays as usable as one with ten, on both stores, over the wire of a real
 * `berth serve`. `npm run bench:scale [-- --robots 100000 --samples 30]`. Medians in milliseconds, and the ratio of the
 * big namespace to the small one in the same run. Exit code 1: an operation of every day took longer than USABLE_MS.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findProgram } from "../demo/registry.ts";
import { type ScaledBerth, type Size, startScaledBerth } from "./scale/berth.ts";
import { timeOfCollection } from "./scale/collection.ts";
import { DELETE_NAMESPACE, type Operation, operations, timeOf } from "./scale/operations.ts";
import { signingKey } from "./traffic.ts";

/** What a person who waits for a page, or a job in a queue, does not mind. */
const USABLE_MS = 250;

const { values } = parseArgs({
  options: {
    robots: { type: "string", default: "100000" },
    samples: { type: "string", default: "30" },
  },
});
const samples = Number(values.samples);
const robots = { small: 10, big: Number(values.robots) };
const key = await signingKey();
const folder = mkdtempSync(join(tmpdir(), "berth-scale-"));
try {
  await measure(await startScaledBerth({ name: "SQLite", folder, key, robots }));
  const redisServer = findProgram("redis-server", "valkey-server");
  if (redisServer === undefined) console.log("redis-server is not on PATH: Redis is left out");
  else await measure(await startScaledBerth({ name: "Redis", folder, key, robots, redisServer }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(berth: ScaledBerth): Promise<void> {
  try {
    console.log(`\n${berth.name}: ${robots.small} and ${robots.big} robots, medians of ${samples}`);
    console.log("                          small ms     big ms      ratio");
    showMemory(berth, "with the records written");
    for (const operation of operations(key)) {
      const times = await timesOf(berth, operation);
      const isUsable = times.big <= USABLE_MS;
      show(operation.name, times, isUsable ? "" : `  over ${USABLE_MS} ms`);
      if (!isUsable) process.exitCode = 1;
    }
    showMemory(berth, "after all of these");
    const deletion = { small: 0, big: 0 };
    const collection = { small: 0, big: 0 };
    for (const size of ["small", "big"] as const) {
      deletion[size] = await timeOf(berth, await DELETE_NAMESPACE.request(berth, size, 0));
      collection[size] = await timeOfCollection(berth);
    }
    show(DELETE_NAMESPACE.name, deletion);
    show("collect until empty", collection);
    showMemory(berth, "after the deletion");
  } finally {
    await berth.stop();
  }
}

/** The two namespaces in turn, so that a slow moment of the machine falls on both. */
async function timesOf(berth: ScaledBerth, operation: Operation): Promise<Record<Size, number>> {
  const times: Record<Size, number[]> = { small: [], big: [] };
  for (let round = 0; round < samples; round += 1) {
    for (const size of ["small", "big"] as const) {
      times[size].push(await timeOf(berth, await operation.request(berth, size, round)));
    }
  }
  return { small: median(times.small), big: median(times.big) };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((left, right) => left - right)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function show(name: string, { small, big }: Record<Size, number>, note = ""): void {
  const figures = [small, big, big / small].map((figure) => figure.toFixed(2).padStart(10));
  console.log(`  ${name.padEnd(22)} ${figures.join(" ")}${note}`);
}

function showMemory(berth: ScaledBerth, when: string): void {
  const [own, ofRedis] = berth.residentMib().map((mib) => mib?.toFixed(0) ?? "?");
  console.log(`  memory ${when}: ${own} MiB${ofRedis === undefined ? "" : `, Redis ${ofRedis} MiB`}`);
}
