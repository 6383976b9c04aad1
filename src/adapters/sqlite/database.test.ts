import { chmodSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newSqliteStore, type SqliteStore } from "../../../test/support/sqlite-store.ts";
import { UnavailableError } from "../../usecases/ports.ts";
import { openDatabase, type SqliteDatabase } from "./database.ts";
import { StoreVersionError } from "./schema.ts";

const WRITE = "UPDATE system SET revision = revision + 1";

let store: SqliteStore;
beforeEach(() => {
  store = newSqliteStore();
});
afterEach(() => store.remove());

function revision(db: SqliteDatabase): number | undefined {
  return db.get<{ revision: number }>("SELECT revision FROM system")?.revision;
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (fault) {
    return fault;
  }
  return undefined;
}

describe("opening a store", () => {
  it.each([
    ["journal_mode", "wal"],
    ["synchronous", 2],
    ["timeout", 2000, "PRAGMA busy_timeout"],
    ["foreign_keys", 1],
  ])("sets %s to %s", (name, value, sql = `PRAGMA ${name}`) => {
    expect(store.connect().get(sql)).toMatchObject({ [name]: value });
  });

  it("makes folder and files that only their owner may read", () => {
    const db = store.connect();
    db.transaction(() => db.run(WRITE));
    expect(modeOf(dirname(store.file))).toBe(0o700);
    for (const suffix of ["", "-wal", "-shm"]) expect(modeOf(store.file + suffix)).toBe(0o600);
  });

  it("takes a file from others that they could read", () => {
    store.connect().close();
    chmodSync(store.file, 0o644);
    openDatabase(store.file).close();
    expect(modeOf(store.file)).toBe(0o600);
  });

  it("keeps the records of a store that is there", () => {
    const db = store.connect();
    db.run(WRITE);
    expect(revision(store.connect())).toBe(1);
  });

  it("refuses a store of a newer release, names both versions, and changes nothing", () => {
    const db = store.connect();
    const { user_version: known } = db.get<{ user_version: number }>("PRAGMA user_version") ?? {};
    db.script(`PRAGMA user_version = 4711; ${WRITE}`);
    const fault = thrownBy(() => openDatabase(store.file));
    expect(fault).toBeInstanceOf(StoreVersionError);
    expect(String(fault)).toContain("schema version 4711");
    expect(String(fault)).toContain(`versions up to ${known}`);
    expect(db.get("PRAGMA user_version")).toMatchObject({ user_version: 4711 });
  });

  it("refuses a database of another program, and changes nothing", () => {
    mkdirSync(dirname(store.file));
    const foreign = new DatabaseSync(store.file);
    foreign.exec("CREATE TABLE theirs (id INTEGER)");
    expect(() => openDatabase(store.file)).toThrow(StoreVersionError);
    expect(foreign.prepare("SELECT name FROM sqlite_schema").all()).toMatchObject([{ name: "theirs" }]);
    expect(foreign.prepare("PRAGMA journal_mode").get()).toMatchObject({ journal_mode: "delete" });
    foreign.close();
  });

  it("is unavailable where the file is no database", () => {
    mkdirSync(dirname(store.file));
    writeFileSync(
      store.file,
      "a text that is long enough to be looked at as the header of a database file\n".repeat(9),
    );
    expect(() => openDatabase(store.file)).toThrow(UnavailableError);
  });

  it("is unavailable where no folder can be made", () => {
    store.connect();
    expect(() => openDatabase(join(store.file, "berth.db"))).toThrow(UnavailableError);
  });
});

describe("a transaction", () => {
  it("writes nothing when its work throws, and the next one is as ever", () => {
    const db = store.connect();
    const bug = new Error("a bug");
    const fault = thrownBy(() =>
      db.transaction(() => {
        db.run(WRITE);
        throw bug;
      }),
    );
    expect(fault).toBe(bug);
    expect(revision(db)).toBe(0);
    expect(db.transaction(() => db.run(WRITE))).toBe(1);
  });

  it("is unavailable while another process writes", () => {
    const [db, other] = [store.connect(), store.connect()];
    db.script("PRAGMA busy_timeout = 0");
    other.transaction(() => {
      expect(() => db.transaction(() => db.run(WRITE))).toThrow(UnavailableError);
      expect(revision(db)).toBe(0);
    });
    expect(db.transaction(() => db.run(WRITE))).toBe(1);
  });

  it("is unavailable, and undone, when the disk is full", () => {
    const db = store.connect();
    db.script("PRAGMA max_page_count = 1");
    const fill = () => {
      db.run(WRITE);
      db.run("INSERT INTO issuers VALUES ('https://issuer.example.com', ?)", "x".repeat(100_000));
    };
    expect(() => db.transaction(fill)).toThrow(new UnavailableError("the store did not answer: SQLITE_FULL"));
    expect(revision(db)).toBe(0);
  });

  it("throws on what is a bug and no outage", () => {
    const db = store.connect();
    const fault = thrownBy(() => db.run("INSERT INTO system VALUES (2, 0)"));
    expect(fault).not.toBeInstanceOf(UnavailableError);
    expect(fault).toMatchObject({ code: "ERR_SQLITE_ERROR" });
  });

  it("is unavailable once the store is closed", () => {
    const db = openDatabase(store.file);
    db.close();
    expect(() => db.transaction(() => db.run(WRITE))).toThrow(UnavailableError);
  });
});

it("a snapshot reads one moment, whatever others write meanwhile", () => {
  const [db, other] = [store.connect(), store.connect()];
  db.snapshot(() => {
    expect(revision(db)).toBe(0);
    other.run(WRITE);
    expect(revision(db)).toBe(0);
  });
  expect(revision(db)).toBe(1);
});
