import type { Observation } from "./history.ts";

/** One fault of the run, in milliseconds since its begin. */
export interface FaultSpan {
  readonly fault: string;
  readonly beganAt: number;
  readonly endedAt: number;
  /** When all had been well for a while, or the run was given up. */
  readonly calmAt: number;
}

export interface Recovery {
  /** Requests that were told 503, or got no answer. */
  readonly unserved: number;
  /** Whether all was well before the fault ended: the times are then from its begin, else from its end. */
  readonly healedItself: boolean;
  /** Milliseconds to the first exchange that was asked for after that moment and granted. */
  readonly firstGrantMs: number | undefined;
  /** Milliseconds to the last answer that was none; 0 where there was none after that moment. */
  readonly lastUnservedMs: number;
}

export function recoveryOf(history: readonly Observation[], span: FaultSpan): Recovery {
  const { beganAt, endedAt, calmAt } = span;
  const during = history.filter((seen) => seen.endedAt >= beganAt && seen.startedAt < calmAt);
  const unserved = during.filter(({ answer }) => answer === "unavailable" || answer === "lost");
  const lastUnservedAt = Math.max(beganAt, ...unserved.map((seen) => seen.endedAt));
  const healedItself = lastUnservedAt < endedAt;
  const from = healedItself ? beganAt : endedAt;
  const grants = during.filter(
    (seen) => seen.kind === "exchange" && seen.answer === "done" && seen.startedAt >= from,
  );
  const firstGrantAt = Math.min(...grants.map((seen) => seen.endedAt));
  return {
    unserved: unserved.length,
    healedItself,
    firstGrantMs: Number.isFinite(firstGrantAt) ? firstGrantAt - from : undefined,
    lastUnservedMs: lastUnservedAt - from,
  };
}

/**
 * Whether all is well again: for `calmMs` nobody was told 503 or got no answer, and each of `berths` Berths has granted
 * an exchange.
 */
export function isCalm(
  history: readonly Observation[],
  { now, calmMs, berths }: { readonly now: number; readonly calmMs: number; readonly berths: number },
): boolean {
  const from = history.findLastIndex(({ endedAt }) => endedAt < now - calmMs);
  const recent = from < 0 ? [] : history.slice(from + 1);
  const granting = new Set<number>();
  for (const { kind, answer, berth } of recent) {
    if (answer === "unavailable" || answer === "lost") return false;
    if (kind === "exchange" && answer === "done") granting.add(berth);
  }
  return granting.size === berths;
}
