import type { Measurement } from "./load.ts";
import { ROUTES, type Target } from "./targets.ts";

export interface Row {
  readonly target: Target;
  readonly measurements: readonly Measurement[];
  readonly cpuMs: number;
}

interface Run {
  readonly count: number;
  readonly connections: number;
  readonly rounds: number;
}

/** The table: medians over the rounds, and each target's throughput as a share of the floors' in the same run. */
export function printReport(rows: readonly Row[], run: Run): void {
  console.log(`${run.rounds} rounds of ${run.count} requests, ${run.connections} connections; medians\n`);
  for (const route of ROUTES) {
    const group = rows.filter((row) => row.target.route === route);
    const floor = (kind: Target["kind"]) => throughput(group.find((row) => row.target.kind === kind));
    console.log(`${route}`);
    console.log("  server                 req/s    p50 ms   p99 ms   CPU µs/req   of bare   of stack");
    for (const row of group) console.log(line(row, floor("bare"), floor("stack"), run));
    console.log("");
  }
}

function line(row: Row, bare: number, stack: number, run: Run): string {
  const perSecond = throughput(row);
  const p50 = median(row.measurements.map((one) => one.p50Ms));
  const p99 = median(row.measurements.map((one) => one.p99Ms));
  const cpuMicros = (row.cpuMs * 1000) / (run.count * run.rounds);
  return [
    `  ${row.target.name.padEnd(20)}`,
    perSecond.toFixed(0).padStart(7),
    p50.toFixed(2).padStart(9),
    p99.toFixed(2).padStart(8),
    cpuMicros.toFixed(0).padStart(12),
    (perSecond / bare).toFixed(2).padStart(9),
    (perSecond / stack).toFixed(2).padStart(10),
  ].join(" ");
}

function throughput(row: Row | undefined): number {
  return median(row?.measurements.map((one) => one.perSecond) ?? []);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
