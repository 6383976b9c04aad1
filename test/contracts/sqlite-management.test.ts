import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SqliteApiTokens } from "../../src/adapters/directory/sqlite-api-tokens.ts";
import { SqliteDirectory } from "../../src/adapters/directory/sqlite-directory.ts";
import { SqliteLedger } from "../../src/adapters/ledger/sqlite-ledger.ts";
import { SqliteNearMisses } from "../../src/adapters/ledger/sqlite-near-misses.ts";
import { systemClock } from "../../src/adapters/runtime/system-clock.ts";
import type { SqliteDatabase } from "../../src/adapters/sqlite/database.ts";
import { encodeDocument } from "../../src/adapters/sqlite/document.ts";
import { SqliteSweeper } from "../../src/adapters/sweeper/sqlite-sweeper.ts";
import { RECORD_MARGIN_SECONDS } from "../../src/domain/accounts/credential.ts";
import { aNamespace, anEvent, aRobot, aRule } from "../support/baseline.ts";
import { newSqliteStore, type SqliteStore } from "../support/sqlite-store.ts";
import { TestClock } from "../support/test-clock.ts";
import { apiTokensContract } from "./api-tokens-contract.ts";
import { aNamespaceChange, anotherRobot, aRemoval } from "./directory/changes.ts";
import { aPin } from "./directory/pin-cases.ts";
import { newHash, newRedemption } from "./ledger/redemptions.ts";
import { sweeperContract } from "./sweeper-contract.ts";

apiTokensContract("SQLite", async () => {
  const store = newSqliteStore();
  const db = store.connect();
  return {
    apiTokens: new SqliteApiTokens(db),
    second: new SqliteApiTokens(store.connect()),
    events: async () => (await new SqliteLedger(db, systemClock).readEvents(100)).toReversed(),
    close: async () => store.remove(),
  };
});

sweeperContract("SQLite", async () => {
  const store = newSqliteStore();
  const db = store.connect();
  return {
    sweeper: new SqliteSweeper(db),
    directory: new SqliteDirectory(db, systemClock),
    ledger: new SqliteLedger(db, systemClock),
    nearMisses: new SqliteNearMisses(db),
    apiTokens: new SqliteApiTokens(db),
    close: async () => store.remove(),
  };
});

let store: SqliteStore;
let db: SqliteDatabase;
let clock: TestClock;
let sweeper: SqliteSweeper;
beforeEach(() => {
  store = newSqliteStore();
  db = store.connect();
  clock = new TestClock(1_700_000_000_000);
  sweeper = new SqliteSweeper(db);
});
afterEach(() => store.remove());

function rows(table: string): number {
  return db.get<{ count: number }>(`SELECT count(*) AS count FROM ${table}`)?.count ?? -1;
}

describe("a removed namespace in SQLite", () => {
  const PINNING = aRobot({ rules: [aRule({ pin: "first-use" })] });
  const ROBOTS = [PINNING, ...["b", "c", "d", "e"].map((name) => anotherRobot(name))];
  let directory: SqliteDirectory;
  beforeEach(async () => {
    directory = new SqliteDirectory(db, clock);
    await directory.commitNamespace(aNamespaceChange({ putRobots: ROBOTS }));
    await directory.pinIdentity(aPin());
    await directory.commitNamespace(aNamespaceChange({ name: "beta", putRobots: [] }));
    await directory.commitNamespace(aRemoval(1));
  });

  it("leaves its robots and their pins to the sweeper, which takes them in batches", async () => {
    expect([rows("robots"), rows("pins")]).toStrictEqual([5, 1]);
    const gone = [];
    for (let count = 0; count < 3; count += 1)
      gone.push(await sweeper.sweep("robots of removed namespaces", 2, clock.now()));
    expect(gone).toStrictEqual([2, 2, 1]);
    expect([rows("robots"), rows("pins")]).toStrictEqual([0, 0]);
  });

  it("is reserved since the store's clock says so", async () => {
    expect(await directory.listReservations()).toStrictEqual([{ name: "acme", since: 1_700_000_000 }]);
  });

  it("has nothing of the old robots when it is made anew before they are swept", async () => {
    await directory.commitNamespace(aNamespaceChange({ putRobots: [anotherRobot("b")] }));
    expect([rows("robots"), rows("pins")]).toStrictEqual([1, 0]);
    expect(await sweeper.sweep("robots of removed namespaces", 10, clock.now())).toBe(0);
    expect(await directory.listRobots("acme", "", 10)).toStrictEqual([anotherRobot("b")]);
  });

  it("has nothing of them when a process of the release before makes it anew, and is reserved after it", async () => {
    const put = `
      INSERT INTO namespaces (name, revision, document) VALUES (?, 1, ?)
      ON CONFLICT (name) DO UPDATE SET revision = revision + 1, document = excluded.document`;
    await directory.releaseName("acme", anEvent(0, { kind: "namespace.released" }));
    db.run(put, "acme", encodeDocument(aNamespace()));
    expect(await directory.findAccount(PINNING.name)).toBeUndefined();
    expect(await directory.readNamespace("acme")).toMatchObject({ robots: [], pins: {} });
    expect(await directory.listReservations()).toStrictEqual([]);
    db.run(put, "acme", null);
    expect(await directory.listReservations()).toMatchObject([{ name: "acme" }]);
  });

  it("and its reservation take the event of the release along, once", async () => {
    const event = anEvent(5, { kind: "namespace.released", namespace: "acme" });
    const before = rows("events");
    for (let count = 0; count < 2; count += 1) await directory.releaseName("acme", event);
    expect(rows("events")).toBe(before + 1);
    expect(await new SqliteLedger(db, clock).readEvents(1)).toStrictEqual([event]);
  });
});

describe("what has expired in SQLite", () => {
  it("goes an hour later, marks and blocks of a kind, at most as many as asked for", async () => {
    const ledger = new SqliteLedger(db, clock);
    await ledger.open();
    const change = () => ({ replayKey: newHash(), tokenIssuedAt: clock.seconds() + 1 });
    for (let count = 0; count < 3; count += 1) await ledger.redeem(newRedemption(clock, change()));
    const blocked = newRedemption(clock, { ...change(), reusable: true });
    await ledger.redeem(blocked);
    await ledger.revoke(blocked.credential.id, clock.seconds(), blocked.event);
    const left = () => [rows("marks"), rows("blocks"), rows("credentials")];
    expect(left()).toStrictEqual([3, 1, 4]);

    const end = (clock.seconds() + 600 + RECORD_MARGIN_SECONDS) * 1000;
    const sweep = (kind: "marks" | "credentials", limit: number, now: number) =>
      sweeper.sweep(`expired ${kind}`, limit, now);
    expect(await sweep("marks", 10, end - 1)).toBe(0);
    expect(await sweep("marks", 2, end)).toBe(2);
    expect(left()).toStrictEqual([1, 1, 4]);
    expect(await sweep("marks", 2, end)).toBe(2);
    expect(await sweep("marks", 2, end)).toBe(0);
    expect(await sweep("credentials", 10, end + 2_999_999)).toBe(0);
    expect(left()).toStrictEqual([0, 0, 4]);
    expect(await sweep("credentials", 3, end + 3_000_000)).toBe(3);
    expect(await sweep("credentials", 3, end + 3_000_000)).toBe(1);
    expect(left()).toStrictEqual([0, 0, 0]);
  });
});

it("lets what waits go first before each page of robots, so that a walk stops no requests", async () => {
  const turns: string[] = [];
  setImmediate(() => turns.push("what waits"));
  await new SqliteDirectory(db, systemClock).listRobots("acme", "", 500);
  turns.push("page");
  expect(turns).toEqual(["what waits", "page"]);
});
