import { randomUUID } from "node:crypto";
import type { Sql } from "../sqlite/sql.ts";

const OPEN = "INSERT INTO epochs (shard, id, born_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
const START = `
  INSERT INTO epochs (shard, id, born_at) VALUES (?, ?, ?)
  ON CONFLICT (shard) DO UPDATE SET id = excluded.id, born_at = excluded.born_at`;

/**
 * Gives a shard an epoch for a caller that is in a transaction.
 *
 * @param present What becomes of one that is there.
 * @param now When it is born, Unix seconds.
 */
export function beginEpoch(db: Sql, shard: number, present: "keep" | "replace", now: number): void {
  db.run(present === "keep" ? OPEN : START, shard, randomUUID(), now);
}
