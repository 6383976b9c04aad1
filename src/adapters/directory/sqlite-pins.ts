import type { Account, Robot } from "../../domain/accounts/robot.ts";
import type { PinnedIds } from "../../domain/rules/identity-pin.ts";
import type { IdentityPin } from "../../usecases/store-records.ts";
import type { AuditEvents } from "../sqlite/audit-events.ts";
import { decodeDocument, encodeDocument } from "../sqlite/document.ts";
import type { Sql } from "../sqlite/sql.ts";

/** A column for a statement over `robots r`: the robot's pins, as `decodePins` takes them. */
export const PINS_OF_ROBOT = "(SELECT json_group_object(rule_id, document) FROM pins WHERE robot = r.name)";

/** The robot itself, and not what is left of a removed namespace. */
const ROBOT = `
  robots r JOIN namespaces n ON n.name = r.namespace AND n.document IS NOT NULL`;
const ADD_PIN = `
  INSERT INTO pins (robot, rule_id, document)
  SELECT r.name, ?, ? FROM ${ROBOT} WHERE r.name = ? AND json_extract(r.document, '$.record.uid') = ?
  ON CONFLICT DO NOTHING`;
const FIND_PIN = `
  SELECT p.document FROM ${ROBOT} JOIN pins p ON p.robot = r.name
  WHERE p.robot = ? AND p.rule_id = ? AND json_extract(r.document, '$.record.uid') = ?`;
const KEEP_PINS = `
  DELETE FROM pins WHERE robot = ?1 AND (
    rule_id NOT IN (SELECT value FROM json_each(?2))
    OR ?3 <> (SELECT json_extract(document, '$.record.uid') FROM robots WHERE name = ?1))`;

/** What the first matches of rules have recorded, in the store's file. A robot that is deleted takes its pins along. */
export class SqlitePins {
  readonly #db: Sql;
  readonly #events: AuditEvents;

  constructor(db: Sql, events: AuditEvents) {
    this.#db = db;
    this.#events = events;
  }

  pin({ robot, robotUid, ruleId, ids, event }: IdentityPin): PinnedIds | undefined {
    return this.#db.transaction(() => {
      const added = this.#db.run(ADD_PIN, ruleId, encodeDocument(ids), robot, robotUid);
      if (added === 1) this.#events.append(event);
      const row = this.#db.get<{ document: string }>(FIND_PIN, robot, ruleId, robotUid);
      return row && decodeDocument<PinnedIds>(row.document);
    });
  }

  /** Before `robot` is written: of the pins that there are, those of its own rules stay. Within a transaction. */
  keepFor({ name, uid, rules }: Robot): void {
    const pinning = rules.filter(({ pin }) => pin !== undefined).map(({ id }) => id);
    this.#db.run(KEEP_PINS, name, JSON.stringify(pinning), uid);
  }
}

export function decodePins(text: string): Pick<Account, "pins"> {
  const documents = Object.entries(JSON.parse(text) as Record<string, string>);
  if (documents.length === 0) return {};
  return { pins: Object.fromEntries(documents.map(([id, pin]) => [id, decodeDocument<PinnedIds>(pin)])) };
}
