import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { UnavailableError } from "../../usecases/ports.ts";
import { migrate, readSchemaVersion } from "./schema.ts";
import type { Sql, SqlValue } from "./sql.ts";
import { answered } from "./sqlite-fault.ts";

/** How long a write waits for another process's, with the event loop: one commit takes milliseconds. */
const BUSY_TIMEOUT_MS = 2000;

/**
 * One connection to the store's file. Its calls block until the disk has answered, and throw UnavailableError
 * when it cannot. Rows come as the statement names their columns: `Row` is the caller's word for that.
 */
export class SqliteDatabase implements Sql {
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(connection: DatabaseSync) {
    this.#connection = connection;
  }

  get<Row>(sql: string, ...values: SqlValue[]): Row | undefined {
    return answered(() => this.#statement(sql).get(...values)) as Row | undefined;
  }

  all<Row>(sql: string, ...values: SqlValue[]): Row[] {
    return answered(() => this.#statement(sql).all(...values)) as Row[];
  }

  /** Returns how many rows it has changed. */
  run(sql: string, ...values: SqlValue[]): number {
    return answered(() => Number(this.#statement(sql).run(...values).changes));
  }

  /** Several statements without values. */
  script(sql: string): void {
    answered(() => this.#connection.exec(sql));
  }

  /** Runs `work` with the file's one write lock: all of it is on the disk when this returns, or none. */
  transaction<T>(work: () => T): T {
    return this.#within("BEGIN IMMEDIATE", work);
  }

  /** Runs reads that all see one moment of the store. */
  snapshot<T>(work: () => T): T {
    return this.#within("BEGIN DEFERRED", work);
  }

  close(): void {
    if (this.#connection.isOpen) this.#connection.close();
  }

  #within<T>(begin: string, work: () => T): T {
    this.script(begin);
    try {
      const result = work();
      this.script("COMMIT");
      return result;
    } catch (fault) {
      this.#rollBack();
      throw fault;
    }
  }

  /** SQLite ends a transaction by itself on some errors; the fault that is under way is the one to tell. */
  #rollBack(): void {
    if (!this.#connection.isOpen || !this.#connection.isTransaction) return;
    this.script("ROLLBACK");
  }

  /** The statements are as many as the adapters write down: none is made of values. */
  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/**
 * Opens the store, making it if there is none, and brings its schema to this release's.
 *
 * Write-ahead log with `synchronous=FULL`: what was answered survives a loss of power. For a local disk: the log
 * shares memory between the processes of one host. Throws UnavailableError when the file cannot be had, and
 * StoreVersionError for a store of a newer release or a database that is no store.
 */
export function openDatabase(file: string): SqliteDatabase {
  keepPrivate(file);
  const connection = answered(() => new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS }));
  const db = new SqliteDatabase(connection);
  try {
    // Before anything is written to it, the journal's mode included.
    readSchemaVersion(db, file);
    const mode = db.get<{ journal_mode: string }>("PRAGMA journal_mode = WAL")?.journal_mode;
    if (mode !== "wal") throw new UnavailableError("the store's file system has no write-ahead log");
    db.script("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
    migrate(db, file);
    return db;
  } catch (fault) {
    db.close();
    throw fault;
  }
}

/** Only its owner may read it: it holds hashes of robot tokens, and who deploys what. SQLite's own files follow it. */
function keepPrivate(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    if (!existsSync(file)) closeSync(openSync(file, "a", 0o600));
    // By name: closing a descriptor of the file would drop the locks that this process holds on it.
    else if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
  } catch (fault) {
    const code = fault instanceof Error && "code" in fault ? fault.code : undefined;
    throw new UnavailableError(`the store cannot be made: ${code}`, { cause: fault });
  }
}
