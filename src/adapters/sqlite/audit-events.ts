import type { AuditEvent } from "../../domain/audit-event.ts";
import type { SqliteDatabase } from "./database.ts";
import { decodeDocument, encodeDocument } from "./document.ts";

/** The length cap of the audit record, some 50 MB; exceeded by at most TRIM_EVERY a process. */
const MAX_EVENTS = 100_000;
/** Counting takes a millisecond, so not at each write. */
const TRIM_EVERY = 1000;

/** The audit record in the store's file. Its callers are in a transaction of their own. */
export class AuditEvents {
  readonly #db: SqliteDatabase;
  /** At first as if it were time to trim, so that processes that end soon do so as well. */
  #appended = TRIM_EVERY;

  constructor(db: SqliteDatabase) {
    this.#db = db;
  }

  append(event: AuditEvent): void {
    const refusal = event.kind.endsWith(".refused") ? 1 : 0;
    this.#db.run("INSERT INTO events (refusal, document) VALUES (?, ?)", refusal, encodeDocument(event));
    this.#appended += 1;
  }

  /** The events written last, newest first. */
  read(limit: number): readonly AuditEvent[] {
    return this.#db
      .all<{ document: string }>("SELECT document FROM events ORDER BY seq DESC LIMIT ?", limit)
      .map(({ document }) => decodeDocument<AuditEvent>(document));
  }

  /** Deletes what is over the cap: the oldest refusals first, since anyone can cause those, then the oldest. */
  trim(): void {
    if (this.#appended < TRIM_EVERY) return;
    this.#appended = 0;
    const { count } = this.#db.get<{ count: number }>("SELECT count(*) AS count FROM events") ?? { count: 0 };
    if (count <= MAX_EVENTS) return;
    this.#db.run(
      "DELETE FROM events WHERE seq IN (SELECT seq FROM events ORDER BY refusal DESC, seq LIMIT ?)",
      count - MAX_EVENTS,
    );
  }
}
