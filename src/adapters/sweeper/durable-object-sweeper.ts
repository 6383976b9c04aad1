import type { Sweeper } from "../../usecases/ports.ts";
import type { SweepKind } from "../../usecases/store-records.ts";
import type { ObjectCalls } from "../durable-object/object-calls.ts";

type Sweep = (kind: SweepKind, limit: number, now: number) => Promise<number>;

/** Sweeps the objects of what no alarm removes. */
export class DurableObjectSweeper implements Sweeper {
  readonly #objects: ObjectCalls;
  readonly #sweeps: Readonly<Record<SweepKind, Sweep>> = {
    "robots of removed namespaces": (...sweep) => this.#sweepNamespaces(...sweep),
    "near misses": (...sweep) => this.#sweepNamespaces(...sweep),
    "expired API tokens": (...sweep) => this.#objects.system((object) => object.sweep(...sweep)),
    // The shards have alarms of their own.
    "expired marks": async () => 0,
    "expired credentials": async () => 0,
    // A call writes one object, in one transaction. A name that a crash leaves in the index has to stay there.
    "orphaned records": async () => 0,
  };

  constructor(objects: ObjectCalls) {
    this.#objects = objects;
  }

  sweep(kind: SweepKind, limit: number, now: number): Promise<number> {
    return this.#sweeps[kind](kind, limit, now);
  }

  /** One by one: each may take what the ones before have left of the limit. */
  async #sweepNamespaces(kind: SweepKind, limit: number, now: number): Promise<number> {
    let gone = 0;
    for (const name of await this.#objects.names()) {
      if (gone === limit) break;
      gone += await this.#objects.namespace(name, (object) => object.sweep(kind, limit - gone, now));
    }
    return gone;
  }
}
