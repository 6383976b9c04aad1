import { type BenchRequest, load, type Measurement } from "../load.ts";
import type { GrowthServer } from "./server.ts";

/** One side of a comparison: a server, and the requests that it gets. */
export interface Side {
  readonly server: GrowthServer;
  requests(count: number): Promise<readonly BenchRequest[]>;
}

/** Medians over the rounds; CPU time in microseconds a request. */
export interface Cost {
  readonly p50Ms: number;
  readonly berthMicros: number;
  readonly redisMicros: number;
}

export interface Rounds {
  readonly rounds: number;
  readonly requests: number;
  readonly connections: number;
}

/** Both sides round by round, so that a slow moment of the machine falls on both. */
export async function compare(
  small: Side,
  large: Side,
  run: Rounds,
): Promise<{ readonly small: Cost; readonly large: Cost }> {
  const costs = { small: [] as Cost[], large: [] as Cost[] };
  await costOf(small, run);
  await costOf(large, run);
  for (let round = 0; round < run.rounds; round += 1) {
    costs.small.push(await costOf(small, run));
    costs.large.push(await costOf(large, run));
  }
  return { small: mediansOf(costs.small), large: mediansOf(costs.large) };
}

async function costOf({ server, requests }: Side, run: Rounds): Promise<Cost> {
  const sent = await requests(run.requests);
  const before = { berth: server.berthCpuMs(), redis: server.redisCpuMs() };
  const { p50Ms }: Measurement = await load(server.origin, sent, run.connections);
  return {
    p50Ms,
    berthMicros: ((server.berthCpuMs() - before.berth) * 1000) / sent.length,
    redisMicros: ((server.redisCpuMs() - before.redis) * 1000) / sent.length,
  };
}

function mediansOf(costs: readonly Cost[]): Cost {
  return {
    p50Ms: median(costs.map(({ p50Ms }) => p50Ms)),
    berthMicros: median(costs.map(({ berthMicros }) => berthMicros)),
    redisMicros: median(costs.map(({ redisMicros }) => redisMicros)),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}
