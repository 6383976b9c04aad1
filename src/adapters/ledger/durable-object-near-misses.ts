import type { NearMissSighting } from "../../domain/near-miss.ts";
import type { NearMissStore } from "../../usecases/ports.ts";
import type { NearMissRecords } from "../../usecases/store-records.ts";
import type { ObjectCalls } from "../durable-object/object-calls.ts";

/** Near misses in the object of their namespace. */
export class DurableObjectNearMisses implements NearMissStore {
  readonly #objects: ObjectCalls;

  constructor(objects: ObjectCalls) {
    this.#objects = objects;
  }

  keep(
    namespace: string,
    sightings: readonly NearMissSighting[],
    others: number,
    now: number,
  ): Promise<void> {
    return this.#objects.namespace(namespace, (object) =>
      object.keepNearMisses(namespace, sightings, others, now),
    );
  }

  read(namespace: string, now: number): Promise<NearMissRecords> {
    return this.#objects.namespace(namespace, (object) => object.readNearMisses(namespace, now));
  }
}
