import { availableParallelism } from "node:os";
import type { Measurement } from "./load.ts";
import { ROUTES, type Target } from "./target.ts";

export interface Run {
  /** Requests in a round. */
  readonly count: number;
  readonly connections: number;
  readonly rounds: number;
}

export interface Round extends Measurement {
  /** Of the server's processes, a request, in microseconds. */
  readonly cpuMicros: number;
}

const HEAD =
  "  server                          req/s   p50 ms   p99 ms  CPU µs   of bare: req/s  CPU   of stack: req/s  CPU";

const WHAT_IS_COMPARED = `
bare   node:http and the one signature: verified for an exchange, made for a registry token. Nothing is parsed or kept.
stack  Hono and jose, the same body or header read. An exchange keeps the hash of the jti on disk (SQLite: one insert
       and one commit a request; Redis: SET NX, appendfsync always), a registry token is signed after one hash.
Berth  as "berth serve" runs it: rules, permissions, three records an exchange, audit events, a log line a request.
req/s  on this machine, where load, server and Redis share the processors: a fast server waits for the load, and one
       that commits once a request for the disk. Two processes are compared with floors of one.
CPU    microseconds a request that the server's processes ran, user and system (not Redis): what a machine of servers
       alone would be full of, so the honest one where the two differ. The least of the rounds, since what else runs on
       the machine only adds to it. A ratio is the floor's over the row's: more is better.`;

/** The table: medians over the rounds, of the CPU time the least, and each target as a ratio to the floors of the same run. */
export function printReport(measured: ReadonlyMap<Target, readonly Round[]>, run: Run): void {
  const { rounds, count, connections } = run;
  console.log(
    `${rounds} rounds of ${count} requests, ${connections} connections, ${availableParallelism()} processors; medians, CPU the least`,
  );
  for (const route of ROUTES) {
    const rows = [...measured].flatMap(([target, of]) =>
      target.route === route ? [{ target, figures: figuresOf(of) }] : [],
    );
    console.log(`\n${route}\n${HEAD}`);
    for (const row of rows) console.log(line(row, rows));
  }
  console.log(WHAT_IS_COMPARED);
}

type Figures = Pick<Round, "perSecond" | "p50Ms" | "p99Ms" | "cpuMicros">;
interface Row {
  readonly target: Target;
  readonly figures: Figures;
}

function line({ target, figures }: Row, rows: readonly Row[]): string {
  const { perSecond, p50Ms, p99Ms, cpuMicros } = figures;
  const bare = rows.find((row) => row.target.kind === "bare");
  const stack = rows.find(
    (row) => row.target.kind === "stack" && (row.target.store ?? target.store) === target.store,
  );
  return [
    `  ${target.name.padEnd(28)}`,
    perSecond.toFixed(0).padStart(8),
    p50Ms.toFixed(2).padStart(8),
    p99Ms.toFixed(2).padStart(8),
    cpuMicros.toFixed(0).padStart(7),
    ...ratios(figures, bare, 15),
    ...ratios(figures, target.kind === "bare" ? undefined : stack, 16),
  ].join(" ");
}

function ratios(figures: Figures, floor: Row | undefined, width: number): readonly string[] {
  if (floor === undefined) return ["-".padStart(width), "-".padStart(4)];
  return [
    (figures.perSecond / floor.figures.perSecond).toFixed(2).padStart(width),
    (floor.figures.cpuMicros / figures.cpuMicros).toFixed(2).padStart(4),
  ];
}

function figuresOf(rounds: readonly Round[]): Figures {
  return {
    perSecond: median(rounds.map((round) => round.perSecond)),
    p50Ms: median(rounds.map((round) => round.p50Ms)),
    p99Ms: median(rounds.map((round) => round.p99Ms)),
    // What else runs on the machine can only add to it.
    cpuMicros: Math.min(...rounds.map((round) => round.cpuMicros)),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
