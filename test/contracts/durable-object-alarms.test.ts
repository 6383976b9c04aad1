import { describe, expect, it, vi } from "vitest";
import { systemClock } from "../../src/adapters/runtime/system-clock.ts";
import { openDatabase } from "../../src/adapters/sqlite/database.ts";
import { anEvent } from "../support/baseline.ts";
import { describeWithObjects, type ObjectStores, openObjectStores } from "../support/object-stores.ts";
import { newSqliteStore } from "../support/sqlite-store.ts";
import { MINTED, newHash, newRedemption } from "./ledger/redemptions.ts";

const HOUR_MS = 3_600_000;

describeWithObjects("a shard's object", (workerd) => {
  const query = <Row>({ callObject }: ObjectStores, sql: string, ...values: unknown[]) =>
    callObject<Row[]>("LEDGER", "07", "query", sql, ...values);
  const alarmOf = ({ callObject }: ObjectStores) => callObject<number | null>("LEDGER", "07", "getAlarm");
  const rows = async (stores: ObjectStores) => {
    const [counts] = await query<Record<string, number>>(
      stores,
      `SELECT (SELECT count(*) FROM marks) AS marks, (SELECT count(*) FROM blocks) AS blocks,
         (SELECT count(*) FROM credentials) AS credentials`,
    );
    return counts;
  };

  async function redeemOne(): Promise<ObjectStores> {
    const stores = openObjectStores(workerd());
    await stores.ledger.open();
    await stores.ageEpochs(0);
    expect(await stores.ledger.redeem(newRedemption(systemClock))).toStrictEqual(MINTED);
    return stores;
  }

  /** More of them than redemptions would make in the time of a test. */
  const addMarks = (stores: ObjectStores, count: number, expiresAt: number) =>
    query(
      stores,
      `WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < ?1)
       INSERT INTO marks SELECT 7, 'k' || value, 'c', NULL, NULL, ?2 FROM n`,
      count,
      expiresAt,
    );

  const untilAlarm = (stores: ObjectStores, is: (at: number | null) => boolean) =>
    vi.waitUntil(async () => is(await alarmOf(stores)), { timeout: 15_000, interval: 50 });

  describe("its alarm", () => {
    it("is set with the first record, for an hour later, and stays there with the next", async () => {
      const before = Date.now();
      const stores = await redeemOne();
      const alarm = await alarmOf(stores);
      expect(alarm).toBeGreaterThanOrEqual(before + HOUR_MS);
      expect(alarm).toBeLessThanOrEqual(Date.now() + HOUR_MS);
      await stores.ledger.redeem(newRedemption(systemClock, { replayKey: newHash() }));
      expect(await alarmOf(stores)).toBe(alarm);
    });

    it("is not set by what leaves no record that expires", async () => {
      const stores = openObjectStores(workerd());
      await stores.ledger.open();
      await stores.ledger.record([anEvent(1)]);
      expect(await alarmOf(stores)).toBeNull();
    });

    it("deletes what has expired for an hour, leaves the rest, and comes again for it", async () => {
      const stores = await redeemOne();
      const old = Math.floor(Date.now() / 1000) - 3600;
      await addMarks(stores, 1500, old);
      await query(stores, "INSERT INTO blocks VALUES (7, 'expired', ?), (7, 'recent', ?)", old, old + 600);
      expect(await rows(stores)).toStrictEqual({ marks: 1501, blocks: 2, credentials: 1 });
      await stores.callObject("LEDGER", "07", "setAlarm", Date.now());
      await untilAlarm(stores, (at) => at !== null && at > Date.now() + HOUR_MS / 2);
      expect(await rows(stores)).toStrictEqual({ marks: 1, blocks: 1, credentials: 1 });
    });

    it("goes on at once where one was not enough", async () => {
      const stores = await redeemOne();
      await addMarks(stores, 12_000, 1);
      await stores.callObject("LEDGER", "07", "setAlarm", Date.now());
      await untilAlarm(stores, (at) => at !== null && at > Date.now() + HOUR_MS / 2);
      expect(await rows(stores)).toStrictEqual({ marks: 1, blocks: 0, credentials: 1 });
    });

    it("does not come again when nothing is left, until there is a record", async () => {
      const stores = await redeemOne();
      await query(stores, "UPDATE marks SET expires_at = 1");
      await query(stores, "UPDATE credentials SET expires_at = 1");
      await stores.callObject("LEDGER", "07", "setAlarm", Date.now());
      await untilAlarm(stores, (at) => at === null);
      expect(await rows(stores)).toStrictEqual({ marks: 0, blocks: 0, credentials: 0 });
      await stores.ledger.redeem(newRedemption(systemClock));
      expect(await alarmOf(stores)).toBeGreaterThan(Date.now());
    });
  });

  it("has the tables of the file that it uses, and no others", async () => {
    const store = newSqliteStore();
    const file = openDatabase(store.file);
    const schema = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name";
    const inFile = file.all<{ name: string; sql: string }>(schema).map((row) => ({ ...row }));
    file.close();
    store.remove();
    const own = await query<{ name: string; sql: string }>(await redeemOne(), schema);
    const tables = own.map(({ name }) => name).filter((name) => !name.startsWith("_cf_"));
    expect(tables).toStrictEqual([
      "blocks",
      "blocks_by_expiry",
      "credentials",
      "credentials_by_expiry",
      "epochs",
      "events",
      "events_by_worth",
      "marks",
      "marks_by_expiry",
      "reusable_by_robot",
    ]);
    expect(own.filter(({ name }) => tables.includes(name))).toStrictEqual(
      inFile.filter(({ name }) => tables.includes(name)),
    );
  });

  it("keeps grants and the newest refusals when refusals flood it", async () => {
    const { ledger } = openObjectStores(workerd());
    const granted = anEvent(1);
    const refused = Array.from({ length: 4000 }, (_, at) => anEvent(at + 2, { kind: "exchange.refused" }));
    await ledger.record([granted]);
    for (let from = 0; from < refused.length; from += 500)
      await ledger.record(refused.slice(from, from + 500));
    const events = await ledger.readEvents(10_000);
    expect(events.length).toBeLessThanOrEqual(3000);
    const kept = events.length - 1;
    expect(events).toStrictEqual([...refused.slice(-kept).toReversed(), granted]);
  });
});
