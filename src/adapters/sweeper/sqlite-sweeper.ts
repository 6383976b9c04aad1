import { RECORD_MARGIN_SECONDS } from "../../domain/accounts/credential.ts";
import { NEAR_MISS_DAYS, NEAR_MISS_MS } from "../../domain/near-miss.ts";
import type { Sweeper } from "../../usecases/ports.ts";
import type { SweepKind } from "../../usecases/store-records.ts";
import { EXPIRED_CREDENTIALS, EXPIRED_MARKS } from "../ledger/sqlite-collection.ts";
import type { Sql } from "../sqlite/sql.ts";

/** A statement that deletes at most as many rows as its last value says. */
interface Deletion {
  readonly sql: string;
  /** The value before it: what is as old as this goes. Absent: it is not age that decides. */
  readonly oldest?: (nowMs: number) => number;
}

/** Expired records stay an hour, so that what is dead can be told so, and a clock may run ahead for a while. */
const recordMargin = (nowMs: number) => Math.floor(nowMs / 1000) - RECORD_MARGIN_SECONDS;

const DELETIONS: Readonly<Record<SweepKind, readonly Deletion[]>> = {
  // Their pins go with them, by a cascade.
  "robots of removed namespaces": [
    {
      sql: `
        DELETE FROM robots WHERE name IN (
          SELECT r.name FROM namespaces n JOIN robots r ON r.namespace = n.name
          WHERE n.document IS NULL LIMIT ?)`,
    },
  ],
  "expired marks": EXPIRED_MARKS.map((sql) => ({ sql, oldest: recordMargin })),
  "expired credentials": EXPIRED_CREDENTIALS.map((sql) => ({ sql, oldest: recordMargin })),
  "expired API tokens": [
    {
      sql: `
        DELETE FROM api_tokens WHERE id IN (
          SELECT id FROM api_tokens WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`,
      oldest: recordMargin,
    },
  ],
  "near misses": [
    {
      sql: `
        DELETE FROM near_misses WHERE (namespace, tenant, id) IN (
          SELECT namespace, tenant, id FROM near_misses WHERE at <= ? ORDER BY at LIMIT ?)`,
      oldest: (nowMs) => nowMs - NEAR_MISS_MS,
    },
    {
      sql: `
        DELETE FROM near_miss_others WHERE (namespace, day) IN (
          SELECT namespace, day FROM near_miss_others WHERE day <= ? LIMIT ?)`,
      oldest: (nowMs) => Math.floor(nowMs / 86_400_000) - NEAR_MISS_DAYS,
    },
    // Of removed namespaces: none is kept of one that never was.
    {
      sql: `
        DELETE FROM near_misses WHERE (namespace, tenant, id) IN (
          SELECT m.namespace, m.tenant, m.id FROM namespaces n JOIN near_misses m ON m.namespace = n.name
          WHERE n.document IS NULL LIMIT ?)`,
    },
    {
      sql: `
        DELETE FROM near_miss_others WHERE (namespace, day) IN (
          SELECT o.namespace, o.day FROM namespaces n JOIN near_miss_others o ON o.namespace = n.name
          WHERE n.document IS NULL LIMIT ?)`,
    },
  ],
  // A transaction leaves no half, and a reference no row without its other end.
  "orphaned records": [],
};

/** Sweeps the store's file. A batch is a transaction, for which other writers and the event loop wait. */
export class SqliteSweeper implements Sweeper {
  readonly #db: Sql;

  constructor(db: Sql) {
    this.#db = db;
  }

  async sweep(kind: SweepKind, limit: number, now: number): Promise<number> {
    const deletions = DELETIONS[kind];
    if (deletions.length === 0) return 0;
    return this.#db.transaction(() =>
      deletions.reduce((gone, { sql, oldest }) => {
        const age = oldest === undefined ? [] : [oldest(now)];
        return gone + this.#db.run(sql, ...age, limit - gone);
      }, 0),
    );
  }
}
