import { AggregatorRegistry, Registry } from "prom-client";

/** All that one process has counted, as it goes from one process to another. */
export type ProcessNumbers = Awaited<ReturnType<Registry["getMetricsAsJSON"]>>;

/** A process whose numbers are asked for. */
interface CountingProcess {
  readonly pid: number;
  /** Undefined: it did not answer in time. */
  numbers(): Promise<ProcessNumbers | undefined>;
}

/**
 * The numbers of several processes as one: sums, but where a gauge says otherwise. What a process that has ended had
 * counted stays in the sum: else a total would go down with it, and look like a restart of all.
 */
export class NumbersOfProcesses {
  readonly #running: () => readonly CountingProcess[];
  /** Of each that runs, by its process id: what it said last, for when it does not answer. */
  readonly #last = new Map<number, ProcessNumbers>();
  #ended: Promise<ProcessNumbers> = Promise.resolve([]);

  constructor(running: () => readonly CountingProcess[]) {
    this.#running = running;
  }

  get contentType(): string {
    return Registry.PROMETHEUS_CONTENT_TYPE;
  }

  /** All of it, in the text format of `contentType`. */
  async text(): Promise<string> {
    await Promise.all(
      this.#running().map(async (process) => {
        const numbers = await process.numbers();
        // One that ended meanwhile is in the sum already.
        if (numbers && this.#running().includes(process)) this.#last.set(process.pid, numbers);
      }),
    );
    const last = [...this.#last.values()];
    return sumOf([...last, await this.#ended]).metrics();
  }

  /** @param final What the process said at its end; absent: what it said last counts. */
  ended(pid: number, final: ProcessNumbers | undefined): void {
    const numbers = final ?? this.#last.get(pid);
    this.#last.delete(pid);
    if (numbers === undefined) return;
    this.#ended = this.#ended.then(async (before) =>
      totalsOf(await sumOf([before, numbers]).getMetricsAsJSON()),
    );
  }
}

function sumOf(numbers: readonly ProcessNumbers[]): Registry {
  return AggregatorRegistry.aggregate([...numbers]);
}

/** A gauge is of a process that lives. */
const TOTALS: ReadonlySet<string> = new Set(["counter", "histogram"]);

function totalsOf(numbers: ProcessNumbers): ProcessNumbers {
  // A word, though prom-client declares a number.
  return numbers.filter(({ type }) => TOTALS.has(String(type)));
}
