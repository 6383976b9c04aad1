import type { EndOfServer } from "../../src/entrypoints/node.ts";
import type { Ending, ServerProcess } from "../../src/entrypoints/processes/server-process.ts";

/** A process that does what a test says. */
export class ScriptedProcess implements ServerProcess {
  readonly pid: number;
  readonly stops: EndOfServer[] = [];
  readonly #listening = Promise.withResolvers<boolean>();
  readonly #ended = Promise.withResolvers<Ending>();
  readonly listening = this.#listening.promise;
  readonly ended = this.#ended.promise;

  constructor(pid: number) {
    this.pid = pid;
  }

  stop(how: EndOfServer): void {
    this.stops.push(how);
  }

  async numbers() {
    return undefined;
  }

  lastNumbers() {
    return undefined;
  }

  listens(): Promise<void> {
    this.#listening.resolve(true);
    return settled();
  }

  ends(code: number | null = 0, signal: string | null = null): Promise<void> {
    this.#ended.resolve({ code, signal });
    this.#listening.resolve(false);
    return settled();
  }
}

/** What awaits what has just been resolved has run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
