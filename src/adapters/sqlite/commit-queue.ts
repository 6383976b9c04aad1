import { UnavailableError } from "../../usecases/ports.ts";
import type { Sql } from "./sql.ts";

/** A bound on how long the event loop stands still for one transaction, some ten milliseconds. */
const MAX_BATCH = 256;

/** A write that waits. `run` returns what gives its caller the answer, once that is on the disk. */
interface Write {
  readonly run: () => () => void;
  readonly reject: (fault: unknown) => void;
}

/**
 * Group commit: the writes that arrive in one turn of the event loop share one transaction, since each commit
 * waits for the disk. Each keeps its own answer, and no answer is given before the commit.
 */
export class CommitQueue {
  readonly #db: Sql;
  readonly #atEnd: () => void;
  readonly #waiting: Write[] = [];

  /** @param atEnd Runs at the end of each transaction, within it. */
  constructor(db: Sql, atEnd: () => void) {
    this.#db = db;
    this.#atEnd = atEnd;
  }

  /** Rejects with UnavailableError when the store does not answer: it may or may not have been written then. */
  add<T>(write: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const run = () => {
        const answer = write();
        return () => resolve(answer);
      };
      if (this.#waiting.push({ run, reject }) === 1) setImmediate(() => this.#drain());
    });
  }

  #drain(): void {
    const batch = this.#waiting.splice(0, MAX_BATCH);
    if (this.#waiting.length > 0) setImmediate(() => this.#drain());
    this.#commit(batch);
  }

  #commit(batch: readonly Write[]): void {
    try {
      const answers = this.#db.transaction(() => {
        const ran = batch.map((write) => write.run());
        this.#atEnd();
        return ran;
      });
      for (const answer of answers) answer();
    } catch (fault) {
      if (batch.length > 1 && !(fault instanceof UnavailableError)) {
        // One of them is at fault and nothing was written: alone, only that one fails.
        for (const write of batch) this.#commit([write]);
      } else {
        for (const write of batch) write.reject(fault);
      }
    }
  }
}
