import { setImmediate } from "node:timers/promises";
import type { AuditEvent } from "../../domain/audit-event.ts";
import type { AuditQuery } from "../../domain/audit-query.ts";
import type { AuditLog } from "../../usecases/ports.ts";
import type { AuditPage, AuditPageRequest } from "../../usecases/store-records.ts";
import { purgeNearMisses } from "../ledger/sqlite-near-miss-purge.ts";
import { decodeDocument } from "../sqlite/document.ts";
import type { Sql } from "../sqlite/sql.ts";
import { fillPage, type PlacedEvent } from "./audit-page.ts";

/** Events that one statement looks at: the event loop stands still for some milliseconds. */
const CHUNK = 1000;

const NEWEST = `SELECT seq, document FROM events WHERE seq < ? ORDER BY seq DESC LIMIT ${CHUNK}`;
const OLDEST = `SELECT seq, document FROM events WHERE seq > ? ORDER BY seq LIMIT ${CHUNK}`;

interface Row {
  readonly seq: number;
  readonly document: string;
}

/** The audit record in the store's file, in the order in which it was written. */
export class SqliteAuditLog implements AuditLog {
  readonly #db: Sql;

  constructor(db: Sql) {
    this.#db = db;
  }

  query(query: AuditQuery, { limit, after }: AuditPageRequest): Promise<AuditPage> {
    return fillPage(this.#walk(parseCursor(after)), query, limit);
  }

  async purgeSubject(subject: string): Promise<number> {
    return (await purgeEvents(this.#db, subject)) + (await purgeNearMisses(this.#db, subject));
  }

  async *#walk(from: number): AsyncGenerator<PlacedEvent> {
    for (let place = from; ; await setImmediate()) {
      const rows = this.#db.all<Row>(NEWEST, place);
      for (const { seq, document } of rows) {
        yield { event: decodeDocument<AuditEvent>(document), cursor: String(seq) };
        place = seq;
      }
      if (rows.length < CHUNK) return;
    }
  }
}

/** Removes the events of identity tokens with that `sub`: a transaction a chunk, so that other writers get their turn. */
export async function purgeEvents(db: Sql, subject: string): Promise<number> {
  let removed = 0;
  for (let place = 0; ; await setImmediate()) {
    const rows = db.transaction(() => {
      const chunk = db.all<Row>(OLDEST, place);
      for (const { seq, document } of chunk) {
        if (decodeDocument<AuditEvent>(document).subject !== subject) continue;
        removed += db.run("DELETE FROM events WHERE seq = ?", seq);
      }
      return chunk;
    });
    place = rows.at(-1)?.seq ?? place;
    if (rows.length < CHUNK) return removed;
  }
}

/** What is no cursor stands for the beginning. */
function parseCursor(text = ""): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.MAX_SAFE_INTEGER;
}
