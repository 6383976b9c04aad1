import type { ObjectBinding } from "../../adapters/durable-object/bindings.ts";
import type { CountersCalls } from "../../adapters/durable-object/counters-calls.ts";
import { CountedMetrics } from "../../adapters/metrics/counted-metrics.ts";
import { type Series, seriesOf, seriesText } from "../../adapters/metrics/series.ts";
import type { StoredKey } from "../../domain/keys/stored-key.ts";
import { type Clock, type Directory, type Ledger, UnavailableError } from "../../usecases/ports.ts";

/**
 * How often an isolate brings its counts to the one object that has them all: the object meets one call of each isolate
 * in this time, however many requests there are, and an isolate that ends takes the counts of as long along.
 */
const FLUSH_AFTER_MS = 10_000;
const OBJECT = "counters";

interface WatchedStores {
  readonly directory: Pick<Directory, "ping" | "readKeys">;
  readonly ledger: Pick<Ledger, "ping">;
}

/** The numbers of all isolates, and where this one counts. */
export class WorkerMetrics {
  readonly counted = new CountedMetrics();
  readonly #counters: ObjectBinding<CountersCalls>;
  readonly #stores: WatchedStores;
  readonly #clock: Clock;
  #flushedAt = Number.NEGATIVE_INFINITY;

  constructor(counters: ObjectBinding<CountersCalls>, stores: WatchedStores, clock: Clock) {
    this.#counters = counters;
    this.#stores = stores;
    this.#clock = clock;
  }

  /** Brings what was counted to its object, if it is time. Never throws: what is not taken is counted on. */
  async flushInTime(): Promise<void> {
    const age = this.#clock.now() - this.#flushedAt;
    if (age >= 0 && age < FLUSH_AFTER_MS) return;
    await this.#flush();
  }

  /** Throws UnavailableError when the object does not answer. */
  async text(): Promise<string> {
    await this.#flush();
    const totals = await this.#totals();
    return seriesText({ ...totals, ...(await this.#state()) });
  }

  async #flush(): Promise<void> {
    this.#flushedAt = this.#clock.now();
    const series = this.counted.take();
    if (Object.keys(series).length === 0) return;
    try {
      await this.#counters.getByName(OBJECT).add(series);
    } catch {
      this.counted.putBack(series);
    }
  }

  async #totals(): Promise<Series> {
    try {
      return await this.#counters.getByName(OBJECT).read();
    } catch {
      throw new UnavailableError("the object of the counts does not answer");
    }
  }

  /** What is no count but somebody else's state, at this moment. */
  async #state(): Promise<Series> {
    const { directory, ledger } = this.#stores;
    const [directoryUp, ledgerUp, keys] = await Promise.all([
      whenUp(directory.ping().then(() => true)),
      whenUp(ledger.ping().then(() => true)),
      whenUp(directory.readKeys()),
    ]);
    return {
      [seriesOf("berth_store_up", { store: "directory" })]: directoryUp ? 1 : 0,
      [seriesOf("berth_store_up", { store: "ledger" })]: ledgerUp ? 1 : 0,
      ...expiries(keys ?? []),
    };
  }
}

function expiries(keys: readonly StoredKey[]): Series {
  const oldestFirst = keys.toSorted((left, right) => (left.notAfter ?? 0) - (right.notAfter ?? 0));
  return Object.fromEntries(
    oldestFirst.flatMap(({ use, registry = "none", notAfter }) =>
      notAfter === undefined
        ? []
        : [[seriesOf("berth_certificate_expiry_timestamp_seconds", { use, registry }), notAfter]],
    ),
  );
}

async function whenUp<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (fault) {
    if (fault instanceof UnavailableError) return undefined;
    throw fault;
  }
}
