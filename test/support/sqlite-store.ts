import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase, type SqliteDatabase } from "../../src/adapters/sqlite/database.ts";

/** A store's file in a folder of its own, which does not exist before the first connection. */
export interface SqliteStore {
  readonly file: string;
  /** One more connection to it. */
  connect(): SqliteDatabase;
  /** Closes all connections and deletes the folder. */
  remove(): void;
}

export function newSqliteStore(): SqliteStore {
  const folder = mkdtempSync(join(tmpdir(), "berth-sqlite-"));
  const file = join(folder, "data", "berth.db");
  const connections: SqliteDatabase[] = [];
  return {
    file,
    connect: () => {
      const db = openDatabase(file);
      connections.push(db);
      return db;
    },
    remove: () => {
      for (const db of connections) db.close();
      rmSync(folder, { recursive: true });
    },
  };
}
