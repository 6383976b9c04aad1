/**
 * The Worker in the real runtime beside Node on SQLite, in one run: `npm run bench:workers [-- --requests 500 --rounds 3]`.
 * From the start of the process to the first exchange on a store that has its keys, and exchanges and registry tokens a
 * second of one robot account, whose namespace is one object. Rounds interleave, so that the machine's noise falls on
 * both; read the ratios.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundleWorker } from "../scripts/worker-bundle.ts";
import { load } from "./load.ts";
import { signingKey } from "./traffic.ts";
import { type Contender, startNodeContender, startWorkerContender } from "./workers/contenders.ts";

const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "500" },
    rounds: { type: "string", default: "3" },
    connections: { type: "string", default: "16" },
  },
});
const [count, rounds, connections] = [values.requests, values.rounds, values.connections].map(Number);

const folder = mkdtempSync(join(tmpdir(), "berth-bench-"));
const key = await signingKey();
const contenders: Contender[] = [];
try {
  contenders.push(await startNodeContender(join(folder, "node"), key));
  contenders.push(await startWorkerContender(await bundleWorker(folder), key));
  const figures = new Map<string, number[][]>();
  // The first round is for the compilers and the caches.
  for (let round = 0; round <= (rounds ?? 3); round += 1) {
    for (const contender of contenders) {
      const taken = await measure(contender);
      if (round > 0) figures.set(contender.name, [...(figures.get(contender.name) ?? []), taken]);
    }
  }
  print(figures);
} finally {
  for (const contender of contenders) await contender.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(contender: Contender): Promise<number[]> {
  const firstExchangeMs = await contender.restart();
  const exchanges = await contender.exchanges(count ?? 0);
  const { perSecond: exchangesPerSecond } = await load(contender.origin, exchanges, connections ?? 1);
  const tokens = await contender.registryTokens(count ?? 0);
  const { perSecond: tokensPerSecond } = await load(contender.origin, tokens, connections ?? 1);
  return [firstExchangeMs, exchangesPerSecond, tokensPerSecond];
}

function print(figures: ReadonlyMap<string, number[][]>): void {
  const medians = [...figures].map(([name, taken]) => ({
    name,
    values: [0, 1, 2].map((at) => median(taken, at)),
  }));
  const floor = medians[0]?.values ?? [];
  console.log("| | start to first exchange | exchanges | registry tokens |\n|---|---|---|---|");
  for (const {
    name,
    values: [start = 0, exchanges = 0, tokens = 0],
  } of medians) {
    const ratio = (value: number, at: number) => (value / (floor[at] ?? 1)).toFixed(2);
    console.log(
      `| ${name} | ${start.toFixed(0)} ms (${ratio(start, 0)}) | ${exchanges.toFixed(0)}/s (${ratio(exchanges, 1)}) | ${tokens.toFixed(0)}/s (${ratio(tokens, 2)}) |`,
    );
  }
}

function median(taken: readonly number[][], at: number): number {
  const sorted = taken.map((figures) => figures[at] ?? Number.NaN).sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
