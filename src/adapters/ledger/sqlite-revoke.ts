import { RECORD_MARGIN_SECONDS } from "../../domain/accounts/credential.ts";
import type { Sql } from "../sqlite/sql.ts";

interface Row {
  readonly shard: number;
  readonly replayKey: string;
  readonly reusable: number;
  readonly markExpiresAt: number;
  readonly revokedAt: number | null;
}

const FIND = `
  SELECT shard, replay_key AS replayKey, reusable, mark_expires_at AS markExpiresAt, revoked_at AS revokedAt
  FROM credentials WHERE id = ? AND expires_at > ?`;

/**
 * `Ledger.revoke`, but for its event, for a caller that holds the write lock. The identity token ends with the
 * credential: a reusable one is blocked, a single-use one loses its retry key, so that no retry brings it back.
 *
 * @param at When it counts as revoked, Unix seconds.
 * @param now The store's clock, Unix seconds.
 */
export function revokeInTransaction(
  db: Sql,
  id: string,
  at: number,
  now: number,
): "revoked" | "unchanged" | "unknown" {
  const row = db.get<Row>(FIND, id, now - RECORD_MARGIN_SECONDS);
  if (row === undefined) return "unknown";
  if (row.revokedAt !== null) return "unchanged";
  const { shard, replayKey, markExpiresAt } = row;
  db.run("UPDATE credentials SET revoked_at = ? WHERE id = ?", at, id);
  if (row.reusable === 1) {
    db.run(
      `INSERT INTO blocks (shard, replay_key, expires_at) VALUES (?, ?, ?)
       ON CONFLICT (shard, replay_key) DO UPDATE SET expires_at = max(expires_at, excluded.expires_at)`,
      shard,
      replayKey,
      markExpiresAt,
    );
  } else {
    db.run(
      "UPDATE marks SET retry_key_hash = NULL WHERE shard = ? AND replay_key = ? AND credential_id = ?",
      shard,
      replayKey,
      id,
    );
  }
  return "revoked";
}
