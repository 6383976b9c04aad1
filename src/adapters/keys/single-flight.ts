/** Calls for one thing, of which several may run at the same time. */
export interface Flights<T> {
  run(what: string, start: () => Promise<T>): Promise<T>;
}

/** Joins calls for the same thing that run at the same time into one; a fault reaches all of them, and is not kept. */
export class SingleFlight<T> implements Flights<T> {
  readonly #running = new Map<string, Promise<T>>();

  run(what: string, start: () => Promise<T>): Promise<T> {
    const running = this.#running.get(what);
    if (running !== undefined) return running;
    const started = start().finally(() => this.#running.delete(what));
    this.#running.set(what, started);
    return started;
  }
}

/**
 * Each call for itself. On Workers a promise ends with the request that began it: whoever else awaits it waits for ever
 * when that request was broken off.
 */
export class OwnFlights<T> implements Flights<T> {
  run(_what: string, start: () => Promise<T>): Promise<T> {
    return start();
  }
}
