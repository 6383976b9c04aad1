import type { Clock } from "../../src/usecases/ports.ts";

/** A clock that a test moves. Waiting moves it too, and leaves a note. */
export class TestClock implements Clock {
  #now: number;
  /** The moments that were waited for, in Unix milliseconds. */
  readonly waits: number[] = [];

  constructor(now: number = Date.now()) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  /** Unix seconds, whole. */
  seconds(): number {
    return Math.floor(this.#now / 1000);
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  async waitUntil(unixMilliseconds: number): Promise<void> {
    this.waits.push(unixMilliseconds);
    this.#now = Math.max(this.#now, unixMilliseconds);
  }
}
