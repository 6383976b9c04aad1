import { randomUUID } from "node:crypto";
import {
  MAX_CLOCK_SKEW_MS,
  MAX_REUSABLE_CREDENTIALS,
  type RedeemOutcome,
  type Redemption,
} from "../../usecases/store-records.ts";
import type { AuditEvents } from "../sqlite/audit-events.ts";
import { encodeDocument } from "../sqlite/document.ts";
import type { Sql } from "../sqlite/sql.ts";

interface Epoch {
  readonly id: string;
  readonly bornAt: number;
}

interface Mark {
  readonly credentialId: string;
  readonly retryKeyHash: string | null;
  readonly replaced: string | null;
}

/** What was found for a redemption: an answer, or that it may mint, in place of another credential or of none. */
type Decision = { readonly answer: RedeemOutcome } | { readonly answer?: never; readonly replaces?: string };

const USED: Decision = { answer: { kind: "used" } };

/**
 * `Ledger.redeem` for a caller that holds the write lock.
 *
 * The order matters: clocks before anything is judged by them, the mark's expiry before it is written, the epoch
 * before the marks, which know nothing from before its birth.
 *
 * @param nowMs The store's clock, Unix milliseconds.
 */
export function redeemInTransaction(
  db: Sql,
  events: AuditEvents,
  redemption: Redemption,
  nowMs: number,
): RedeemOutcome {
  const now = Math.floor(nowMs / 1000);
  if (Math.abs(redemption.now - nowMs) > MAX_CLOCK_SKEW_MS) return { kind: "clock_skew" };
  if (redemption.markExpiresAt <= now) return { kind: "mark_expired" };
  const epoch = currentEpoch(db, redemption.shard, now);
  if (redemption.tokenIssuedAt <= epoch.bornAt) return { kind: "predates_epoch" };
  const decision = redemption.reusable
    ? decideReusable(db, redemption, epoch, now)
    : decideSingleUse(db, redemption, now);
  if (decision.answer !== undefined) return decision.answer;
  return mint(db, events, redemption, epoch, decision.replaces, now);
}

/** The shard's epoch; born now if it has none, which stands even when this redemption is refused. */
function currentEpoch(db: Sql, shard: number, now: number): Epoch {
  const find = () => db.get<Epoch>("SELECT id, born_at AS bornAt FROM epochs WHERE shard = ?", shard);
  const found = find();
  if (found !== undefined) return found;
  const born: Epoch = { id: randomUUID(), bornAt: now };
  db.run("INSERT INTO epochs (shard, id, born_at) VALUES (?, ?, ?)", shard, born.id, born.bornAt);
  return born;
}

function decideSingleUse(db: Sql, redemption: Redemption, now: number): Decision {
  const { shard, replayKey, retryKeyHash, credential } = redemption;
  const mark = db.get<Mark>(
    `SELECT credential_id AS credentialId, retry_key_hash AS retryKeyHash, replaced
     FROM marks WHERE shard = ? AND replay_key = ? AND expires_at > ?`,
    shard,
    replayKey,
    now,
  );
  const own = revocationOf(db, credential.id);
  if (own !== undefined) {
    // Sent again. Anything but the mark's own live credential was replaced or revoked since.
    if (mark?.credentialId !== credential.id || own.revokedAt !== null) return USED;
    return { answer: minted(mark.replaced ?? undefined) };
  }
  if (mark === undefined) return {};
  if (retryKeyHash === undefined || retryKeyHash !== mark.retryKeyHash) return USED;
  return { replaces: mark.credentialId };
}

function decideReusable(db: Sql, redemption: Redemption, epoch: Epoch, now: number): Decision {
  const { shard, replayKey, credential } = redemption;
  const block = "SELECT 1 FROM blocks WHERE shard = ? AND replay_key = ? AND expires_at > ?";
  if (db.get(block, shard, replayKey, now) !== undefined) return { answer: { kind: "blocked" } };
  const own = revocationOf(db, credential.id);
  if (own !== undefined) return own.revokedAt === null ? { answer: minted() } : USED;
  const alive = db.get<{ count: number }>(
    `SELECT count(*) AS count FROM credentials
     WHERE reusable = 1 AND shard = ? AND robot_uid = ? AND expires_at > ? AND revoked_at IS NULL AND epoch = ?`,
    shard,
    credential.robotUid,
    now,
    epoch.id,
  );
  return (alive?.count ?? 0) < MAX_REUSABLE_CREDENTIALS ? {} : { answer: { kind: "too_many" } };
}

function revocationOf(db: Sql, id: string): { readonly revokedAt: number | null } | undefined {
  return db.get("SELECT revoked_at AS revokedAt FROM credentials WHERE id = ?", id);
}

function mint(
  db: Sql,
  events: AuditEvents,
  redemption: Redemption,
  epoch: Epoch,
  replaces: string | undefined,
  now: number,
): RedeemOutcome {
  if (replaces !== undefined) {
    db.run("UPDATE credentials SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", now, replaces);
  }
  if (!redemption.reusable) writeMark(db, redemption, replaces);
  writeCredential(db, redemption, epoch);
  const { event } = redemption;
  events.append(replaces === undefined ? event : { ...event, replacedCredentialId: replaces });
  return minted(replaces);
}

/** A mark that has expired may still have its row. A mark never ends sooner than it was once said to. */
function writeMark(db: Sql, redemption: Redemption, replaced: string | undefined): void {
  db.run(
    `INSERT INTO marks (shard, replay_key, credential_id, retry_key_hash, replaced, expires_at)
     VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (shard, replay_key) DO UPDATE SET credential_id = excluded.credential_id,
       retry_key_hash = excluded.retry_key_hash, replaced = excluded.replaced,
       expires_at = max(expires_at, excluded.expires_at)`,
    redemption.shard,
    redemption.replayKey,
    redemption.credential.id,
    redemption.retryKeyHash ?? null,
    replaced ?? null,
    redemption.markExpiresAt,
  );
}

function writeCredential(db: Sql, redemption: Redemption, epoch: Epoch): void {
  const { credential } = redemption;
  db.run(
    `INSERT INTO credentials
       (id, shard, epoch, replay_key, reusable, robot_uid, mark_expires_at, expires_at, document)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    credential.id,
    redemption.shard,
    epoch.id,
    redemption.replayKey,
    redemption.reusable ? 1 : 0,
    credential.robotUid,
    redemption.markExpiresAt,
    credential.expiresAt,
    encodeDocument(credential),
  );
}

function minted(replaced?: string): RedeemOutcome {
  return replaced === undefined ? { kind: "minted" } : { kind: "minted", replaced };
}
