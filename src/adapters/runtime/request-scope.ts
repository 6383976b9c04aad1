import { AsyncLocalStorage } from "node:async_hooks";

/** Keeps work alive past the answer; it is lost when the runtime gives up on it. */
export type WaitUntil = (work: Promise<unknown>) => void;

interface Slot {
  readonly open: () => unknown;
  readonly end: (value: unknown) => Promise<void>;
}

/**
 * What one request of a Worker may hold and no other may touch: a connection opened by one request hangs in the hands
 * of the next. A value is made when it is first asked
 * for, and ends with its request.
 */
export class RequestScope {
  readonly #current = new AsyncLocalStorage<Map<Slot, unknown>>();
  readonly #slots: Slot[] = [];

  /** Declares a value of each request. They end in the order in which they were declared. */
  slot<Value>(open: () => Value, end: (value: Value) => Promise<void>): () => Value {
    const slot: Slot = { open, end: (value) => end(value as Value) };
    this.#slots.push(slot);
    return () => {
      const values = this.#current.getStore();
      if (values === undefined) throw new Error("a value of a request was asked for outside of one");
      if (!values.has(slot)) values.set(slot, slot.open());
      return values.get(slot) as Value;
    };
  }

  /**
   * Runs one request. `after` runs when it is answered, and the request's values end after that: both under `waitUntil`,
   * so that no answer waits for them. `after` must not throw.
   */
  async run<T>(
    waitUntil: WaitUntil,
    work: () => Promise<T>,
    after: (outcome: T | undefined) => Promise<void>,
  ): Promise<T> {
    return this.#current.run(new Map(), async () => {
      let outcome: T | undefined;
      try {
        outcome = await work();
        return outcome;
      } finally {
        waitUntil(this.#endAfter(after(outcome)));
      }
    });
  }

  async #endAfter(last: Promise<void>): Promise<void> {
    await last;
    const values = this.#current.getStore();
    for (const slot of this.#slots) {
      if (values?.has(slot)) await slot.end(values.get(slot));
    }
  }
}
