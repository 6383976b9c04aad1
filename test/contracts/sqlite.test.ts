import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SqliteDirectory } from "../../src/adapters/directory/sqlite-directory.ts";
import { SqliteLedger } from "../../src/adapters/ledger/sqlite-ledger.ts";
import { SqliteNearMisses } from "../../src/adapters/ledger/sqlite-near-misses.ts";
import { systemClock } from "../../src/adapters/runtime/system-clock.ts";
import type { RedeemOutcome, Redemption } from "../../src/usecases/store-records.ts";
import { newSqliteStore, type SqliteStore } from "../support/sqlite-store.ts";
import { aNamespaceChange, aSystemChange } from "./directory/changes.ts";
import { directoryContract } from "./directory-contract.ts";
import { aliveIds, grantedIds, MINTED, newHash, newRedemption, tally } from "./ledger/redemptions.ts";
import { ledgerContract } from "./ledger-contract.ts";

const WORKER = new URL("../support/redeem-worker.ts", import.meta.url).pathname;

ledgerContract("SQLite", async () => {
  const store = newSqliteStore();
  const db = store.connect();
  return {
    ledger: new SqliteLedger(db, systemClock),
    nearMisses: new SqliteNearMisses(db),
    clock: systemClock,
    ageEpochs: async (unixSeconds) => {
      db.run("UPDATE epochs SET born_at = ?", unixSeconds);
    },
    close: async () => store.remove(),
  };
});

directoryContract("SQLite", async () => {
  const store = newSqliteStore();
  return {
    directory: new SqliteDirectory(store.connect(), systemClock),
    second: new SqliteDirectory(store.connect(), systemClock),
    close: async () => store.remove(),
  };
});

describe("one SQLite file", () => {
  let store: SqliteStore;
  beforeEach(() => {
    store = newSqliteStore();
  });
  afterEach(() => store.remove());

  const connectLedger = () => new SqliteLedger(store.connect(), systemClock);
  /** Later than the birth of an epoch that the test itself brings about. */
  const redemptions = (count: number, change: Partial<Redemption> = {}) =>
    Array.from({ length: count }, () =>
      newRedemption(systemClock, { tokenIssuedAt: Math.floor(Date.now() / 1000) + 60, ...change }),
    );

  it("keeps what was answered when it is opened again", async () => {
    const [first, second] = redemptions(2);
    if (!first || !second) throw new Error("there are two");
    const before = store.connect();
    expect(await new SqliteLedger(before, systemClock).redeem(first)).toStrictEqual(MINTED);
    const after = connectLedger();
    expect(await after.redeem(second)).toStrictEqual({ kind: "used" });
    expect(await aliveIds(after, [first, second])).toStrictEqual([first.credential.id]);
  });

  // attack 4
  it("mints one credential of 100 asked for at once over two connections", async () => {
    const all = redemptions(100);
    const ledgers = [connectLedger(), connectLedger()];
    const outcomes = await Promise.all(
      all.map((redemption, index) => ledgers[index % 2]?.redeem(redemption) ?? MINTED),
    );
    expect(tally(outcomes)).toStrictEqual({ minted: 1, used: 99 });
  });

  it.each([
    ["no retry key", {}, { minted: 1, used: 99 }],
    ["one retry key", { retryKeyHash: newHash() }, { minted: 100 }],
  ])(
    "has one credential alive after two processes made it and sent 50 redemptions each, with %s",
    async (_, change, expected) => {
      const all = redemptions(100, change);
      const workers = await Promise.all([startWorker(store.file), startWorker(store.file)]);
      const answers = await Promise.all(
        workers.map((worker, index) => redeemIn(worker, all.slice(index * 50, index * 50 + 50))),
      );
      expect(tally(answers.flat())).toStrictEqual(expected);
      const ledger = connectLedger();
      expect(await aliveIds(ledger, all)).toHaveLength(1);
      expect(await grantedIds(ledger)).toHaveLength(expected.minted);
    },
  );

  it("shows the directory's events in the ledger's record, and none of a conflict", async () => {
    const db = store.connect();
    const directory = new SqliteDirectory(db, systemClock);
    const namespaceChange = aNamespaceChange();
    const systemChange = aSystemChange();
    await directory.commitNamespace(namespaceChange);
    await directory.commitNamespace({ ...namespaceChange, fromRevision: 7 });
    await directory.commitSystem(systemChange);
    await directory.commitSystem({ ...systemChange, fromRevision: 7 });
    const events = await new SqliteLedger(db, systemClock).readEvents(10);
    expect(events).toStrictEqual([systemChange.event, namespaceChange.event]);
  });
});

/** Resolves when the process has opened the store. */
async function startWorker(file: string): Promise<ChildProcess> {
  const worker = fork(WORKER, [file]);
  await once(worker, "message");
  return worker;
}

async function redeemIn(worker: ChildProcess, redemptions: readonly Redemption[]): Promise<RedeemOutcome[]> {
  const answered = once(worker, "message");
  const ended = once(worker, "exit");
  worker.send([...redemptions]);
  const [outcomes] = await answered;
  await ended;
  return outcomes;
}
