import { RECORD_MARGIN_SECONDS } from "../../domain/accounts/credential.ts";
import type { Sql } from "../sqlite/sql.ts";

/** In one transaction: few enough to take no time. */
const MAX_DELETED = 500;

/** Values of each statement: an expiry (Unix seconds), and how many rows at most. They are found by an index on it. */
export const EXPIRED_MARKS: readonly string[] = [
  `DELETE FROM marks WHERE (shard, replay_key) IN
     (SELECT shard, replay_key FROM marks WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`,
  `DELETE FROM blocks WHERE (shard, replay_key) IN
     (SELECT shard, replay_key FROM blocks WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`,
];
export const EXPIRED_CREDENTIALS: readonly string[] = [
  `DELETE FROM credentials WHERE id IN
     (SELECT id FROM credentials WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`,
];

/**
 * Deletes some of what has long expired, the oldest first, so that the file does not grow without end. Whether a
 * row has expired is judged at each read, so nothing depends on how soon it goes; marks wait as long as records,
 * so that a clock which runs ahead for a while does not make used identity tokens forgotten.
 *
 * @param now Unix seconds.
 * @returns Whether that was all of it.
 */
export function deleteExpired(db: Sql, now: number): boolean {
  const deleted = [...EXPIRED_MARKS, ...EXPIRED_CREDENTIALS].map((sql) =>
    db.run(sql, now - RECORD_MARGIN_SECONDS, MAX_DELETED),
  );
  return deleted.every((rows) => rows < MAX_DELETED);
}
