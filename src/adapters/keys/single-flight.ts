/** Joins calls for the same thing that run at the same time into one; a fault reaches all of them, and is not kept. */
export class SingleFlight<T> {
  readonly #running = new Map<string, Promise<T>>();

  run(what: string, start: () => Promise<T>): Promise<T> {
    const running = this.#running.get(what);
    if (running !== undefined) return running;
    const started = start().finally(() => this.#running.delete(what));
    this.#running.set(what, started);
    return started;
  }
}
