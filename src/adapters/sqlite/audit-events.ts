import type { AuditEvent } from "../../domain/audit-event.ts";
import { decodeDocument, encodeDocument } from "./document.ts";
import type { Sql } from "./sql.ts";

export interface AuditRecordLimits {
  /** The length cap of the record; exceeded by at most `trimEvery`. */
  readonly maxEvents: number;
  /** Events between two looks at the length: counting takes a while, so not at each write. */
  readonly trimEvery: number;
  /**
   * The smallest number that the next event may have; absent: one more than the last has. With a clock's reading,
   * events of several stores stand in one order.
   */
  readonly nextPlace?: () => number;
}

/** Of a store's one file: some 50 MB; a count takes a millisecond. */
const FILE_LIMITS: AuditRecordLimits = { maxEvents: 100_000, trimEvery: 1000 };

/** Greater than any other, whatever the clock says. */
const APPEND = `
  INSERT INTO events (seq, refusal, document)
  VALUES (max(?, (SELECT coalesce(max(seq), 0) + 1 FROM events)), ?, ?)`;
const READ = "SELECT seq, document FROM events WHERE seq < ? ORDER BY seq DESC LIMIT ?";

/** An event as it stands in the record. */
export interface EventRow {
  readonly seq: number;
  readonly document: string;
}

/** The audit record in the store's file. Its callers are in a transaction of their own. */
export class AuditEvents {
  readonly #db: Sql;
  readonly #limits: AuditRecordLimits;
  /** At first as if it were time to trim, so that processes that end soon do so as well. */
  #appended: number;

  constructor(db: Sql, limits: AuditRecordLimits = FILE_LIMITS) {
    this.#db = db;
    this.#limits = limits;
    this.#appended = limits.trimEvery;
  }

  append(event: AuditEvent): void {
    const refusal = event.kind.endsWith(".refused") ? 1 : 0;
    this.#db.run(APPEND, this.#limits.nextPlace?.() ?? 0, refusal, encodeDocument(event));
    this.#appended += 1;
  }

  /** The events written last, newest first. */
  read(limit: number): readonly AuditEvent[] {
    return this.readBefore(Number.MAX_SAFE_INTEGER, limit).map(({ document }) =>
      decodeDocument<AuditEvent>(document),
    );
  }

  /** Those whose number is below `before`, newest first. */
  readBefore(before: number, limit: number): readonly EventRow[] {
    return this.#db.all<EventRow>(READ, before, limit);
  }

  /** Deletes what is over the cap: the oldest refusals first, since anyone can cause those, then the oldest. */
  trim(): void {
    const { maxEvents, trimEvery } = this.#limits;
    if (this.#appended < trimEvery) return;
    this.#appended = 0;
    const { count } = this.#db.get<{ count: number }>("SELECT count(*) AS count FROM events") ?? { count: 0 };
    if (count <= maxEvents) return;
    this.#db.run(
      "DELETE FROM events WHERE seq IN (SELECT seq FROM events ORDER BY refusal DESC, seq LIMIT ?)",
      count - maxEvents,
    );
  }
}
