import { setImmediate } from "node:timers/promises";
import type { RobotName } from "../../domain/access/names.ts";
import type { Account, Namespace, Robot } from "../../domain/accounts/robot.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import type { StoredKey } from "../../domain/keys/stored-key.ts";
import type { PinnedIds } from "../../domain/rules/identity-pin.ts";
import type { Clock, Directory } from "../../usecases/ports.ts";
import type {
  CommitOutcome,
  DeclarationState,
  IdentityPin,
  NamespaceChange,
  NamespaceRecords,
  Reservation,
  RestoreState,
  RobotRecords,
  SystemChange,
  SystemRecords,
} from "../../usecases/store-records.ts";
import { AuditEvents } from "../sqlite/audit-events.ts";
import { decodeDocument, encodeDocument } from "../sqlite/document.ts";
import type { Sql } from "../sqlite/sql.ts";
import { SqliteDeclarations } from "./sqlite-declarations.ts";
import { SqliteNamespaces } from "./sqlite-namespaces.ts";
import { SqliteReservations } from "./sqlite-reservations.ts";
import { SqliteRobots } from "./sqlite-robots.ts";
import { SqliteSystem } from "./sqlite-system.ts";

const ADD_KEY = "INSERT INTO keys (name, document) VALUES (?, ?) ON CONFLICT DO NOTHING";
const REPLACE_KEY = `
  INSERT INTO keys (name, document) VALUES (?, ?)
  ON CONFLICT (name) DO UPDATE SET document = excluded.document`;
const WRITE_RESTORE = `
  INSERT INTO restore (id, document) VALUES (1, ?)
  ON CONFLICT (id) DO UPDATE SET document = excluded.document`;
const TAKE_LEASE = `
  INSERT INTO leases (name, holder, expires_at_ms) VALUES (?1, ?2, ?3)
  ON CONFLICT (name) DO UPDATE SET holder = ?2, expires_at_ms = ?3 WHERE holder = ?2 OR expires_at_ms <= ?4`;

/** The directory in the store's file. The store's clock, for leases, is the host's: so all who share it agree. */
export class SqliteDirectory implements Directory {
  readonly #db: Sql;
  readonly #clock: Clock;
  readonly #namespaces: SqliteNamespaces;
  readonly #robots: SqliteRobots;
  readonly #reservations: SqliteReservations;
  readonly #system: SqliteSystem;
  readonly #declarations: SqliteDeclarations;

  constructor(db: Sql, clock: Clock, events = new AuditEvents(db)) {
    this.#db = db;
    this.#clock = clock;
    this.#namespaces = new SqliteNamespaces(db, events, clock);
    this.#robots = new SqliteRobots(db);
    this.#reservations = new SqliteReservations(db, events);
    this.#system = new SqliteSystem(db, events);
    this.#declarations = new SqliteDeclarations(db);
  }

  async findAccount(robot: RobotName): Promise<Account | undefined> {
    return this.#namespaces.findAccount(robot);
  }

  async pinIdentity(pin: IdentityPin): Promise<PinnedIds | undefined> {
    return this.#namespaces.pinIdentity(pin);
  }

  async readSystem(): Promise<SystemRecords> {
    return this.#system.read();
  }

  async readNamespace(name: string): Promise<NamespaceRecords | undefined> {
    return this.#namespaces.read(name);
  }

  async listNamespaces(): Promise<readonly Namespace[]> {
    return this.#namespaces.list();
  }

  async readRobot(name: RobotName): Promise<RobotRecords | undefined> {
    return this.#robots.read(name);
  }

  /** After whatever waits: who walks a hundred thousand robots, page by page, must not stop all requests meanwhile. */
  async listRobots(namespace: string, after: string, limit: number): Promise<readonly Robot[]> {
    await setImmediate();
    return this.#robots.list(namespace, after, limit);
  }

  async listReservations(): Promise<readonly Reservation[]> {
    return this.#reservations.list();
  }

  async releaseName(name: string, event: AuditEvent): Promise<boolean> {
    return this.#reservations.release(name, event);
  }

  async commitSystem(change: SystemChange): Promise<CommitOutcome> {
    return this.#system.commit(change);
  }

  async commitNamespace(change: NamespaceChange): Promise<CommitOutcome> {
    return this.#namespaces.commit(change);
  }

  async readKeys(): Promise<readonly StoredKey[]> {
    return this.#db
      .all<{ document: string }>("SELECT document FROM keys ORDER BY name")
      .map(({ document }) => decodeDocument<StoredKey>(document));
  }

  async addKey(key: StoredKey): Promise<boolean> {
    return this.#write(ADD_KEY, key.name, encodeDocument(key)) === 1;
  }

  async replaceKey(key: StoredKey): Promise<void> {
    this.#write(REPLACE_KEY, key.name, encodeDocument(key));
  }

  async removeKey(name: string): Promise<void> {
    this.#write("DELETE FROM keys WHERE name = ?", name);
  }

  async readDeclarationState(series: string): Promise<DeclarationState | undefined> {
    return this.#declarations.read(series);
  }

  async listDeclarationStates(): Promise<ReadonlyMap<string, DeclarationState>> {
    return this.#declarations.list();
  }

  async writeDeclarationState(series: string, state: DeclarationState): Promise<void> {
    this.#declarations.write(series, state);
  }

  async readRestoreState(): Promise<RestoreState | undefined> {
    const row = this.#db.get<{ document: string }>("SELECT document FROM restore");
    return row && decodeDocument<RestoreState>(row.document);
  }

  async writeRestoreState(state: RestoreState | undefined): Promise<void> {
    if (state === undefined) this.#write("DELETE FROM restore");
    else this.#write(WRITE_RESTORE, encodeDocument(state));
  }

  async acquireLease(name: string, holder: string, seconds: number): Promise<boolean> {
    const now = this.#clock.now();
    return this.#write(TAKE_LEASE, name, holder, now + seconds * 1000, now) === 1;
  }

  async releaseLease(name: string, holder: string): Promise<void> {
    this.#write("DELETE FROM leases WHERE name = ? AND holder = ?", name, holder);
  }

  /** What can be read is on the disk. */
  async confirm(): Promise<void> {}

  async ping(): Promise<void> {
    this.#db.get("SELECT revision FROM system");
  }

  #write(sql: string, ...values: (string | number)[]): number {
    return this.#db.transaction(() => this.#db.run(sql, ...values));
  }
}
