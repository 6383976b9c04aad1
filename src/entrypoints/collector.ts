import { randomUUID } from "node:crypto";
import type { Log } from "../adapters/log/json-lines.ts";
import type { Metrics } from "../usecases/metrics.ts";
import { SWEEP_KINDS } from "../usecases/store-records.ts";
import { type CollectDeps, type CollectOptions, collectGarbage } from "../usecases/upkeep/collect-garbage.ts";

export interface CollectorDeps extends CollectDeps {
  readonly log: Log;
  readonly metrics: Pick<Metrics, "collected">;
}

/** The collector of one server. */
export interface Collector {
  /** Waits for the batch that is under way, and for no other. */
  stop(): Promise<void>;
}

/**
 * Collects about every `seconds`, from half to one and a half times that, so that servers which start together do
 * not meet each time. 0: never. A run that fails is told in the log, and the next one goes on.
 */
export function startCollector(deps: CollectorDeps, seconds: number): Collector {
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const options = { holder: randomUUID(), isStopping: () => stopping };
  const schedule = () => {
    if (stopping || seconds === 0) return;
    timer = setTimeout(
      () => {
        running = collect(deps, options).then(schedule);
      },
      seconds * 1000 * (0.5 + Math.random()),
    );
  };
  schedule();
  return {
    stop: () => {
      stopping = true;
      clearTimeout(timer);
      return running;
    },
  };
}

/** One run. What becomes of it is told in the log; it throws nothing. */
export async function collect(deps: CollectorDeps, options: CollectOptions): Promise<void> {
  try {
    const { removed, finished, elsewhere } = await collectGarbage(deps, options);
    for (const kind of SWEEP_KINDS) deps.metrics.collected(kind, removed[kind] ?? 0);
    if (!elsewhere) deps.log("info", "collected", { ...removed, finished });
  } catch (fault) {
    deps.log("warn", "not collected", { fault: String(fault) });
  }
}
