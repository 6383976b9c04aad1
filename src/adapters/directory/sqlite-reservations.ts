import type { AuditEvent } from "../../domain/audit-event.ts";
import type { Reservation } from "../../usecases/store-records.ts";
import type { AuditEvents } from "../sqlite/audit-events.ts";
import type { Sql } from "../sqlite/sql.ts";

/** A release holds for the revision it was made at: whoever makes the namespace anew raises it, and so ends it. */
const RESERVED = "document IS NULL AND released_revision IS NOT revision";
const LIST = `
  SELECT name, coalesce(reserved_at, 0) AS since FROM namespaces WHERE ${RESERVED} ORDER BY name`;
const RELEASE = `UPDATE namespaces SET released_revision = revision WHERE name = ? AND ${RESERVED}`;

/** Names of removed namespaces in the store's file: their rows, which keep the revision. */
export class SqliteReservations {
  readonly #db: Sql;
  readonly #events: AuditEvents;

  constructor(db: Sql, events: AuditEvents) {
    this.#db = db;
    this.#events = events;
  }

  list(): readonly Reservation[] {
    return this.#db.all<Reservation>(LIST).map(({ name, since }) => ({ name, since }));
  }

  release(name: string, event: AuditEvent): boolean {
    return this.#db.transaction(() => {
      const released = this.#db.run(RELEASE, name) === 1;
      if (released) this.#events.append(event);
      return released;
    });
  }
}
