import { DurableObject } from "cloudflare:workers";
import type { CountersCalls } from "../../adapters/durable-object/counters-calls.ts";
import type { Series } from "../../adapters/metrics/series.ts";

const CREATE =
  "CREATE TABLE IF NOT EXISTS series (name TEXT PRIMARY KEY, value REAL NOT NULL) STRICT, WITHOUT ROWID";
const ADD =
  "INSERT INTO series (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value";

/** The counts of all isolates, in one object. Nothing rests on them. */
export class CountersObject extends DurableObject implements CountersCalls {
  async add(series: Series): Promise<void> {
    const { storage } = this.ctx;
    storage.transactionSync(() => {
      storage.sql.exec(CREATE);
      for (const [name, value] of Object.entries(series)) storage.sql.exec(ADD, name, value);
    });
  }

  async read(): Promise<Series> {
    const { sql } = this.ctx.storage;
    sql.exec(CREATE);
    const rows = sql.exec<{ name: string; value: number }>("SELECT name, value FROM series ORDER BY name");
    return Object.fromEntries(rows.toArray().map(({ name, value }) => [name, value]));
  }
}
