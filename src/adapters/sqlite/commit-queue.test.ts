import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newSqliteStore, type SqliteStore } from "../../../test/support/sqlite-store.ts";
import { UnavailableError } from "../../usecases/ports.ts";
import { CommitQueue } from "./commit-queue.ts";
import { SqliteDatabase } from "./database.ts";

class CountingDatabase extends SqliteDatabase {
  transactions = 0;

  override transaction<T>(work: () => T): T {
    this.transactions += 1;
    return super.transaction(work);
  }
}

let store: SqliteStore;
let other: SqliteDatabase;
let db: CountingDatabase;
beforeEach(() => {
  store = newSqliteStore();
  other = store.connect();
  db = new CountingDatabase(new DatabaseSync(store.file, { timeout: 0 }));
});
afterEach(() => {
  db.close();
  store.remove();
});

function increment(): number {
  db.run("UPDATE system SET revision = revision + 1");
  return revision(db);
}

function revision(of: SqliteDatabase): number {
  return of.get<{ revision: number }>("SELECT revision FROM system")?.revision ?? -1;
}

describe("the commit queue", () => {
  it("writes what arrives together in few transactions, in order, each with its own answer", async () => {
    const ends: number[] = [];
    const queue = new CommitQueue(db, () => ends.push(revision(db)));
    const answers = await Promise.all(Array.from({ length: 300 }, () => queue.add(increment)));
    expect(answers).toStrictEqual(Array.from({ length: 300 }, (_, index) => index + 1));
    expect(db.transactions).toBe(2);
    expect(ends).toStrictEqual([256, 300]);
    expect(revision(other)).toBe(300);
  });

  it("answers after the commit, not before", async () => {
    const queue = new CommitQueue(db, () => {
      // Within the transaction: another connection cannot see it yet.
      expect(revision(other)).toBe(0);
    });
    await queue.add(increment);
    expect(revision(other)).toBe(1);
  });

  it("takes what arrives while an answer is given", async () => {
    const queue = new CommitQueue(db, () => {});
    expect(await queue.add(increment)).toBe(1);
    expect(await queue.add(increment)).toBe(2);
  });

  it("rejects all of a transaction when the store does not answer, and has written nothing", async () => {
    const queue = new CommitQueue(db, () => {});
    other.script("BEGIN IMMEDIATE");
    const answers = await Promise.allSettled([1, 2, 3].map(() => queue.add(increment)));
    other.script("ROLLBACK");
    expect(answers.map((answer) => answer.status === "rejected" && answer.reason)).toStrictEqual(
      [1, 2, 3].map(() => new UnavailableError("the store did not answer: SQLITE_BUSY")),
    );
    expect(revision(other)).toBe(0);
    expect(await queue.add(increment)).toBe(1);
  });

  it("rejects the one write that is at fault, and commits the others", async () => {
    const queue = new CommitQueue(db, () => {});
    const bug = new Error("a bug");
    const faulty = () => {
      increment();
      throw bug;
    };
    const answers = await Promise.allSettled([increment, faulty, increment].map((write) => queue.add(write)));
    expect(answers).toStrictEqual([
      { status: "fulfilled", value: 1 },
      { status: "rejected", reason: bug },
      { status: "fulfilled", value: 2 },
    ]);
    expect(revision(other)).toBe(2);
  });
});
