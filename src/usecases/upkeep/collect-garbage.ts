import type { Clock, Directory, Sweeper } from "../ports.ts";
import { SWEEP_KINDS, type SweepKind } from "../store-records.ts";

const LEASE = "collector";
/** Longer than a batch takes, for the holder renews it before each; and not long, for one that was killed leaves it. */
const LEASE_SECONDS = 15;
/** Records a batch: SQLite's other writers, and the event loop, wait for one. */
const BATCH = 500;
/** Batches a run, 100,000 records: what is left then is for the next run. */
const MAX_BATCHES = 200;
/** Between two batches, for the requests that came meanwhile. */
const PAUSE_MS = 10;

export interface CollectDeps {
  readonly sweeper: Sweeper;
  readonly directory: Pick<Directory, "acquireLease" | "releaseLease">;
  readonly clock: Clock;
}

export interface CollectOptions {
  /** Who collects: no two have the same. */
  readonly holder: string;
  /** Asked before each batch: a process that ends does not wait for the rest. */
  readonly isStopping?: () => boolean;
  /** Batches of this run at the most. */
  readonly maxBatches?: number;
}

export interface Collected {
  /** Nothing was done, since another process collects. */
  readonly elsewhere: boolean;
  /** How many of each kind were removed, without those of which none were. */
  readonly removed: Readonly<Partial<Record<SweepKind, number>>>;
  /** Whether nothing more is left to remove. */
  readonly finished: boolean;
}

/**
 * Removes what deletion and time left behind, in batches, one of each kind in turn, so that no kind waits for the
 * end of another. Nothing rests on it: what is deleted or expired is hidden before. Two that meet remove nothing
 * twice; the lease spares the second one the work. Broken off at any moment, the next run goes on.
 */
export async function collectGarbage(deps: CollectDeps, options: CollectOptions): Promise<Collected> {
  const { directory } = deps;
  const renew = () => directory.acquireLease(LEASE, options.holder, LEASE_SECONDS);
  if (!(await renew())) return { elsewhere: true, removed: {}, finished: false };
  try {
    return await sweepAll(deps, options, renew);
  } finally {
    await directory.releaseLease(LEASE, options.holder);
  }
}

async function sweepAll(
  { sweeper, clock }: CollectDeps,
  { isStopping = () => false, maxBatches = MAX_BATCHES }: CollectOptions,
  renew: () => Promise<boolean>,
): Promise<Collected> {
  const removed: Partial<Record<SweepKind, number>> = {};
  const left: SweepKind[] = [...SWEEP_KINDS];
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const kind = left.shift();
    if (kind === undefined) break;
    if (isStopping() || !(await renew())) return { elsewhere: false, removed, finished: false };
    const gone = await sweeper.sweep(kind, BATCH, clock.now());
    if (gone > 0) removed[kind] = (removed[kind] ?? 0) + gone;
    if (gone >= BATCH) left.push(kind);
    await clock.waitUntil(clock.now() + PAUSE_MS);
  }
  return { elsewhere: false, removed, finished: left.length === 0 };
}
