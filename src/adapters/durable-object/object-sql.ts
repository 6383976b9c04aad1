import type { DurableObjectStorage } from "@cloudflare/workers-types";
import type { Sql, SqlValue } from "../sqlite/sql.ts";
import { type ObjectSteps, openSchema, takeSteps } from "./object-schema.ts";

/**
 * A Durable Object's own SQLite. It runs one call at a time, and gives no answer to a caller before the writes it
 * rests on are stored.
 *
 * The tables come with the first transaction; until then every read finds nothing. So an object that is only asked
 * writes nothing and is nothing: names that anyone may ask for leave no storage behind.
 */
export class ObjectSql implements Sql {
  readonly #storage: DurableObjectStorage;
  readonly #steps: ObjectSteps;
  #made: boolean;

  constructor(storage: DurableObjectStorage, steps: ObjectSteps) {
    this.#storage = storage;
    this.#steps = steps;
    this.#made = openSchema(storage, steps);
  }

  get<Row>(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.all<Row>(sql, ...values)[0];
  }

  all<Row>(sql: string, ...values: SqlValue[]): Row[] {
    return this.#made ? this.#rows<Row>(sql, values) : [];
  }

  /** `rowsWritten` of a cursor would count the rows of indexes as well. */
  run(sql: string, ...values: SqlValue[]): number {
    this.#rows(sql, values);
    return this.get<{ changed: number }>("SELECT changes() AS changed")?.changed ?? 0;
  }

  transaction<T>(work: () => T): T {
    const made = this.#made;
    try {
      return this.#storage.transactionSync(() => {
        if (!made) takeSteps(this.#storage, this.#steps, 0);
        this.#made = true;
        return work();
      });
    } catch (fault) {
      this.#made = made;
      throw fault;
    }
  }

  /** Nothing else runs until `work` returns. */
  snapshot<T>(work: () => T): T {
    return work();
  }

  #rows<Row>(sql: string, values: SqlValue[]): Row[] {
    return this.#storage.sql.exec(sql, ...values).toArray() as Row[];
  }
}
