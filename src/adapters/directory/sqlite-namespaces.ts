import { createHash } from "node:crypto";
import type { RobotName } from "../../domain/access/names.ts";
import type { Account, Namespace } from "../../domain/accounts/robot.ts";
import type { PinnedIds } from "../../domain/rules/identity-pin.ts";
import type { Clock } from "../../usecases/ports.ts";
import type {
  CommitOutcome,
  IdentityPin,
  NamespaceChange,
  NamespaceRecords,
} from "../../usecases/store-records.ts";
import type { AuditEvents } from "../sqlite/audit-events.ts";
import { decodeDocument, encodeDocument } from "../sqlite/document.ts";
import type { Sql } from "../sqlite/sql.ts";
import { RulesCache } from "./rules-cache.ts";
import { decodeAccount, findAccountRow } from "./sqlite-account.ts";
import { decodePins, PINS_OF_ROBOT, SqlitePins } from "./sqlite-pins.ts";
import { decodeRobot } from "./sqlite-robots.ts";

const READ_ROBOTS = `
  SELECT r.name, r.document AS robot, r.rules, ${PINS_OF_ROBOT} AS pins
  FROM robots r WHERE r.namespace = ? ORDER BY r.name`;
/** Where it makes a namespace anew, the schema's trigger `namespace_made_anew` deletes what was left of the old one. */
const PUT_NAMESPACE = `
  INSERT INTO namespaces (name, revision, document, reserved_at) VALUES (?, 1, ?, ?)
  ON CONFLICT (name) DO UPDATE SET
    revision = revision + 1, document = excluded.document, reserved_at = excluded.reserved_at`;
const PUT_ROBOT = `
  INSERT INTO robots (name, namespace, document, rules_revision, rules) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (name) DO UPDATE SET document = excluded.document,
    rules_revision = excluded.rules_revision, rules = excluded.rules`;

interface ReadRobotRow {
  readonly name: string;
  readonly robot: string;
  readonly rules: string;
  readonly pins: string;
}

/** Namespaces, whole, and accounts in the store's file. */
export class SqliteNamespaces {
  readonly #db: Sql;
  readonly #events: AuditEvents;
  readonly #clock: Clock;
  readonly #pins: SqlitePins;
  readonly #rules = new RulesCache();

  constructor(db: Sql, events: AuditEvents, clock: Clock) {
    this.#db = db;
    this.#events = events;
    this.#clock = clock;
    this.#pins = new SqlitePins(db, events);
  }

  /** One statement; it reads and parses the rules only if they are not the ones held from before. */
  findAccount(name: RobotName): Account | undefined {
    const held = this.#rules.find(name);
    const row = findAccountRow(this.#db, name, held?.revision ?? "");
    return row && decodeAccount(row, name, held, this.#rules);
  }

  pinIdentity(pin: IdentityPin): PinnedIds | undefined {
    return this.#pins.pin(pin);
  }

  read(name: string): NamespaceRecords | undefined {
    return this.#db.snapshot(() => {
      const row = this.#find(name);
      if (row === undefined) return undefined;
      const robots = this.#db.all<ReadRobotRow>(READ_ROBOTS, name);
      return {
        revision: row.revision,
        namespace: decodeDocument<Namespace>(row.document),
        robots: robots.map(decodeRobot),
        pins: Object.fromEntries(
          robots.flatMap((robot) => {
            const { pins } = decodePins(robot.pins);
            return pins === undefined ? [] : [[robot.name, pins]];
          }),
        ),
      };
    });
  }

  list(): readonly Namespace[] {
    return this.#db
      .all<{ document: string }>("SELECT document FROM namespaces WHERE document IS NOT NULL ORDER BY name")
      .map(({ document }) => decodeDocument<Namespace>(document));
  }

  commit(change: NamespaceChange): CommitOutcome {
    return this.#db.transaction(() => {
      if ((this.#find(change.name)?.revision ?? 0) !== change.fromRevision) return "conflict";
      if (change.namespace === undefined) {
        this.#remove(change.name);
      } else {
        this.#db.run(PUT_NAMESPACE, change.name, encodeDocument(change.namespace), null);
        this.#writeRobots(change);
      }
      this.#events.append(change.event);
      return "committed";
    });
  }

  /** Hides its robots, for however many there are; the sweeper deletes them. */
  #remove(name: string): void {
    this.#db.run(PUT_NAMESPACE, name, null, Math.floor(this.#clock.now() / 1000));
  }

  #find(name: string): { readonly revision: number; readonly document: string } | undefined {
    return this.#db.get(
      "SELECT revision, document FROM namespaces WHERE name = ? AND document IS NOT NULL",
      name,
    );
  }

  #writeRobots(change: NamespaceChange): void {
    for (const name of change.removeRobots) {
      this.#db.run("DELETE FROM robots WHERE name = ? AND namespace = ?", name, change.name);
    }
    for (const { rules, ...robot } of change.putRobots) {
      this.#pins.keepFor({ rules, ...robot });
      const text = encodeDocument(rules);
      // A hash, so that one revision never means two lists of rules (rules-cache.ts).
      const revision = createHash("sha256").update(text).digest("base64url");
      this.#db.run(PUT_ROBOT, robot.name, change.name, encodeDocument(robot), revision, text);
    }
  }
}
