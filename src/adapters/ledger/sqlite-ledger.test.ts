import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { newHash, newRedemption } from "../../../test/contracts/ledger/redemptions.ts";
import { anEvent } from "../../../test/support/baseline.ts";
import { newSqliteStore, type SqliteStore } from "../../../test/support/sqlite-store.ts";
import { RECORD_MARGIN_SECONDS } from "../../domain/accounts/credential.ts";
import type { AuditKind } from "../../domain/audit-event.ts";
import { type Clock, UnavailableError } from "../../usecases/ports.ts";
import { MAX_CLOCK_SKEW_MS } from "../../usecases/store-records.ts";
import type { SqliteDatabase } from "../sqlite/database.ts";
import { SqliteLedger } from "./sqlite-ledger.ts";

const START_MS = 1_700_000_000_000;

let nowMs: number;
const clock: Clock = {
  now: () => nowMs,
  waitUntil: async (unixMilliseconds) => {
    nowMs = Math.max(nowMs, unixMilliseconds);
  },
};
let store: SqliteStore;
let db: SqliteDatabase;
let ledger: SqliteLedger;
beforeEach(async () => {
  nowMs = START_MS;
  store = newSqliteStore();
  db = store.connect();
  ledger = new SqliteLedger(db, clock);
  await ledger.open();
});
afterEach(() => store.remove());

function rows(table: "marks" | "blocks" | "credentials"): number {
  return db.get<{ count: number }>(`SELECT count(*) AS count FROM ${table}`)?.count ?? -1;
}

describe("the clocks of redeem", () => {
  it.each([
    [MAX_CLOCK_SKEW_MS, "minted"],
    [-MAX_CLOCK_SKEW_MS, "minted"],
    [MAX_CLOCK_SKEW_MS + 1, "clock_skew"],
    [-MAX_CLOCK_SKEW_MS - 1, "clock_skew"],
  ])("a difference of %i ms is %s", async (skew, kind) => {
    expect(await ledger.redeem(newRedemption(clock, { now: nowMs + skew }))).toStrictEqual({ kind });
  });

  it("a mark holds to its last millisecond", async () => {
    const markExpiresAt = START_MS / 1000 + 600;
    await ledger.redeem(newRedemption(clock, { markExpiresAt }));
    nowMs = markExpiresAt * 1000 - 1;
    expect(await ledger.redeem(newRedemption(clock))).toStrictEqual({ kind: "used" });
    nowMs += 1;
    expect(await ledger.redeem(newRedemption(clock))).toStrictEqual({ kind: "minted" });
  });

  it("a block holds to its last millisecond", async () => {
    const markExpiresAt = START_MS / 1000 + 600;
    const first = newRedemption(clock, { reusable: true, markExpiresAt });
    await ledger.redeem(first);
    await ledger.revoke(first.credential.id, START_MS / 1000, first.event);
    nowMs = markExpiresAt * 1000 - 1;
    expect(await ledger.redeem(newRedemption(clock, { reusable: true }))).toStrictEqual({ kind: "blocked" });
    nowMs += 1;
    expect(await ledger.redeem(newRedemption(clock, { reusable: true }))).toStrictEqual({ kind: "minted" });
  });

  it("a record is found to the last second of its margin", async () => {
    const { credential, ...redemption } = newRedemption(clock);
    await ledger.redeem({ ...redemption, credential });
    nowMs = (credential.expiresAt + RECORD_MARGIN_SECONDS) * 1000 - 1;
    expect(await ledger.findCredential(credential.id)).toBeDefined();
    nowMs += 1;
    expect(await ledger.findCredential(credential.id)).toBeUndefined();
    expect(await ledger.revoke(credential.id, nowMs / 1000, redemption.event)).toBe("unknown");
  });
});

describe("what has expired", () => {
  it("is deleted with the writes that come later, once nothing can ask for it", async () => {
    const blocked = newRedemption(clock, { reusable: true });
    await ledger.redeem(blocked);
    await ledger.revoke(blocked.credential.id, START_MS / 1000, blocked.event);
    await ledger.redeem(newRedemption(clock, { replayKey: newHash() }));
    nowMs += 600_000 + (RECORD_MARGIN_SECONDS - 1) * 1000;
    await ledger.record([anEvent(nowMs)]);
    expect([rows("marks"), rows("blocks"), rows("credentials")]).toStrictEqual([1, 1, 2]);
    nowMs += 1000;
    await ledger.record([anEvent(nowMs)]);
    expect([rows("marks"), rows("blocks"), rows("credentials")]).toStrictEqual([0, 0, 2]);
    nowMs += 3_000_000;
    await ledger.record([anEvent(nowMs)]);
    expect([rows("marks"), rows("blocks"), rows("credentials")]).toStrictEqual([0, 0, 0]);
  });

  it("goes at most 500 rows at a time", async () => {
    const redemptions = Array.from({ length: 600 }, () => newRedemption(clock, { replayKey: newHash() }));
    await Promise.all(redemptions.map((redemption) => ledger.redeem(redemption)));
    nowMs += 86_400_000;
    await ledger.record([anEvent(nowMs)]);
    expect([rows("marks"), rows("credentials")]).toStrictEqual([100, 100]);
    await ledger.record([anEvent(nowMs)]);
    expect([rows("marks"), rows("credentials")]).toStrictEqual([0, 0]);
  });

  it("is looked for once a second, and again at once where some was left", async () => {
    const redemptions = Array.from({ length: 600 }, () => newRedemption(clock, { replayKey: newHash() }));
    await Promise.all(redemptions.map((redemption) => ledger.redeem(redemption)));
    nowMs += 86_400_000;
    const run = vi.spyOn(db, "run");
    const looks = () => run.mock.calls.filter(([sql]) => sql.startsWith("DELETE FROM marks")).length;
    const counts: number[] = [];
    for (const passed of [0, 0, 999, 1]) {
      nowMs += passed;
      await ledger.record([anEvent(nowMs)]);
      counts.push(looks());
    }
    expect(counts).toStrictEqual([1, 2, 2, 3]);
  });
});

describe("the audit record", () => {
  const many = (count: number, kind: AuditKind) =>
    Array.from({ length: count }, (_, at) => anEvent(at, { kind, requestId: "" }));

  it("has a length cap; the oldest refusals go first", async () => {
    await ledger.record(many(50_000, "exchange.refused"));
    await ledger.record(many(60_000, "registry_token.granted"));
    const events = await ledger.readEvents(200_000);
    const granted = events.filter((event) => event.kind === "registry_token.granted");
    const refused = events.filter((event) => event.kind === "exchange.refused");
    expect([granted.length, refused.length]).toStrictEqual([60_000, 40_000]);
    expect(refused.at(-1)?.at).toBe(10_000);
  });

  it("loses its oldest event when there is no refusal to lose", async () => {
    await ledger.record(many(100_010, "registry_token.granted"));
    const events = await ledger.readEvents(200_000);
    expect([events.length, events.at(-1)?.at]).toStrictEqual([100_000, 10]);
  });
});

it("a redemption that the store does not answer is unavailable, and mints nothing", async () => {
  const other = store.connect();
  db.script("PRAGMA busy_timeout = 0");
  const redemption = newRedemption(clock);
  other.script("BEGIN IMMEDIATE");
  await expect(ledger.redeem(redemption)).rejects.toThrow(UnavailableError);
  other.script("ROLLBACK");
  expect(await ledger.findCredential(redemption.credential.id)).toBeUndefined();
  expect(await ledger.redeem(redemption)).toStrictEqual({ kind: "minted" });
});

it("credentials of an epoch that is over do not count for the limit of reusable ones", async () => {
  const reusable = () => newRedemption(clock, { reusable: true, tokenIssuedAt: nowMs / 1000 + 1 });
  for (let count = 0; count < 20; count += 1) await ledger.redeem(reusable());
  expect(await ledger.redeem(reusable())).toStrictEqual({ kind: "too_many" });
  await ledger.startEpoch(anEvent(nowMs, { kind: "epoch.started" }));
  expect(await ledger.redeem(reusable())).toStrictEqual({ kind: "minted" });
});
