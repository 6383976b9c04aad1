import type { Log } from "../../adapters/log/json-lines.ts";
import type { Ending, ServerProcess } from "./server-process.ts";

/** A process that ends sooner has failed; one that ends later is replaced without a wait. */
const LEAST_LIFE_MS = 10_000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** Failures in a row after which the whole ends, if nothing serves any more. */
const MAX_FAILURES = 5;

export interface SupervisorDeps {
  readonly count: number;
  readonly start: () => ServerProcess;
  readonly log: Log;
  /** Milliseconds, of a clock that only goes forward. */
  readonly now: () => number;
  /** Ends early, and not with an error, when `signal` says so. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Keeps so many server processes running. The first one starts alone: it makes the keys, applies the declaration and
 * says once what is wrong; if it does not come to listen, nothing more is tried.
 */
export class Supervisor {
  readonly #deps: SupervisorDeps;
  /** Those that run, and whether each has come to listen. */
  readonly #running = new Map<ServerProcess, "starting" | "listening">();
  /** Those whose end is no failure: they were asked to, or are on trial. */
  readonly #excused = new Set<ServerProcess>();
  readonly #stopped = new AbortController();
  readonly #finished = Promise.withResolvers<number>();
  #failures = 0;
  #replacing: "no" | "yes" | "once more" = "no";

  constructor(deps: SupervisorDeps) {
    this.#deps = deps;
  }

  /** Those that run now. */
  get processes(): readonly ServerProcess[] {
    return [...this.#running.keys()];
  }

  /** Resolves with the exit code when all have ended: 0 after `stop`, else why it was given up. */
  async run(): Promise<number> {
    const { count, log } = this.#deps;
    const first = this.#start("excused");
    if (!(await first.listening)) return this.#isStopping ? 0 : ((await first.ended).code ?? 1);
    this.#excused.delete(first);
    if (!this.#isStopping) {
      const others = Array.from({ length: count - 1 }, () => this.#start());
      const listening = await Promise.all([first, ...others].map((process) => process.listening));
      if (listening.every(Boolean)) log("info", "all processes listen", { processes: count });
    }
    return this.#finished.promise;
  }

  /** Asks all to end, once. */
  stop(): void {
    if (this.#isStopping) return;
    this.#stopped.abort();
    this.#deps.log("info", "stopping", { processes: this.#running.size });
    for (const process of this.#running.keys()) process.stop("stop");
    if (this.#running.size === 0) this.#finished.resolve(0);
  }

  /**
   * Replaces each process by a new one, one after the other, so that as many as before serve all the while. A new one
   * that does not come to listen ends this, and the old ones stay. Asked for meanwhile, it is done once more.
   */
  async replaceAll(): Promise<void> {
    if (this.#replacing !== "no") {
      this.#replacing = "once more";
      return;
    }
    do {
      this.#replacing = "yes";
      await this.#replaceEach();
    } while (this.#again());
    this.#replacing = "no";
  }

  #again(): boolean {
    return this.#replacing === "once more" && !this.#isStopping;
  }

  async #replaceEach(): Promise<void> {
    const old = this.processes;
    for (const process of old) {
      // One that starts just now may have read what was there before; one that has ended has its successor.
      const serves = (await process.listening) && this.#running.has(process);
      if (serves && !this.#isStopping && !(await this.#replaceByNew(process))) return;
    }
    if (!this.#isStopping) this.#deps.log("info", "all processes replaced", { processes: old.length });
  }

  /** Whether a new one came to listen. */
  async #replaceByNew(process: ServerProcess): Promise<boolean> {
    const next = this.#start("excused");
    if (!(await next.listening)) {
      if (!this.#isStopping) {
        this.#deps.log("error", "not replaced: the new process does not start", {});
      }
      return false;
    }
    this.#excused.delete(next);
    // One that ended by itself meanwhile has its successor already.
    const surplus = this.#running.has(process) ? process : next;
    this.#excused.add(surplus);
    surplus.stop("replaced");
    await surplus.ended;
    return true;
  }

  get #isStopping(): boolean {
    return this.#stopped.signal.aborted;
  }

  #start(excused?: "excused"): ServerProcess {
    const { start, now, log } = this.#deps;
    const process = start();
    const startedAt = now();
    this.#running.set(process, "starting");
    if (excused) this.#excused.add(process);
    void process.listening.then((listens) => {
      if (!listens) return;
      this.#running.set(process, "listening");
      log("info", "process listens", { pid: process.pid });
    });
    void process.ended.then((ending) => this.#ended(process, ending, now() - startedAt));
    return process;
  }

  async #ended(process: ServerProcess, ending: Ending, lifeMs: number): Promise<void> {
    this.#running.delete(process);
    const { code, signal } = ending;
    const isExcused = this.#excused.delete(process) || this.#isStopping;
    this.#deps.log(isExcused ? "info" : "warn", "process ended", {
      pid: process.pid,
      code: code ?? undefined,
      signal: signal ?? undefined,
    });
    if (this.#isStopping && this.#running.size === 0) return this.#finished.resolve(0);
    if (!isExcused) await this.#replace(ending, lifeMs);
  }

  /** In place of one that ended by itself: at once, or later if they keep failing. */
  async #replace({ code }: Ending, lifeMs: number): Promise<void> {
    const { log, wait } = this.#deps;
    this.#failures = lifeMs < LEAST_LIFE_MS ? this.#failures + 1 : 0;
    if (this.#failures >= MAX_FAILURES && ![...this.#running.values()].includes("listening")) {
      return this.#giveUp(code ?? 1);
    }
    if (this.#failures > 0) {
      const milliseconds = Math.min(FIRST_WAIT_MS * 2 ** (this.#failures - 1), LONGEST_WAIT_MS);
      log("warn", "process restarts later", { seconds: milliseconds / 1000, failures: this.#failures });
      await wait(milliseconds, this.#stopped.signal);
    }
    if (!this.#isStopping) this.#start();
  }

  #giveUp(code: number): void {
    this.#deps.log("error", "giving up: the processes end as soon as they start", {
      failures: this.#failures,
    });
    this.#finished.resolve(code === 0 ? 1 : code);
    this.stop();
  }
}
