import { describe, expect, it } from "vitest";
import { MAX_CLOCK_SKEW_MS, type Redemption } from "../../../src/usecases/store-records.ts";
import type { LedgerUnderTest } from "../ledger-contract.ts";
import { aliveIds, grantedIds, MINTED, newRedemption, redeemAll, tally } from "./redemptions.ts";

const USED = { kind: "used" };
/** More than the calls of a test take, so that the skew that the store sees stays on its side of the limit. */
const SLACK_MS = 3000;

export function singleUseCases(under: () => LedgerUnderTest): void {
  describe("a single-use identity token", () => {
    it("mints once, and is used the second time", async () => {
      const { ledger, clock } = under();
      const first = newRedemption(clock);
      const second = newRedemption(clock);
      expect(await ledger.redeem(first)).toStrictEqual(MINTED);
      expect(await ledger.redeem(second)).toStrictEqual(USED);
      expect(await ledger.findCredential(second.credential.id)).toBeUndefined();
      expect(await grantedIds(ledger)).toStrictEqual([first.credential.id]);
    });

    it("is used for every robot, not only for the first", async () => {
      const { ledger, clock } = under();
      await ledger.redeem(newRedemption(clock));
      const other = newRedemption(clock, {}, { robot: "acme+other", robotUid: "other-uid" });
      expect(await ledger.redeem(other)).toStrictEqual(USED);
    });

    // attack 4
    it("mints one credential of 50 that ask at once", async () => {
      const { ledger, clock } = under();
      const redemptions = Array.from({ length: 50 }, () => newRedemption(clock));
      expect(tally(await redeemAll(ledger, redemptions))).toStrictEqual({ minted: 1, used: 49 });
      const alive = await aliveIds(ledger, redemptions);
      expect(alive).toHaveLength(1);
      expect(await grantedIds(ledger)).toStrictEqual(alive);
    });

    it("gives the same answer to a redemption that is sent again", async () => {
      const { ledger, clock } = under();
      const redemption = newRedemption(clock);
      const copies = Array.from({ length: 10 }, () => redemption);
      expect(await ledger.redeem(redemption)).toStrictEqual(MINTED);
      expect(tally(await redeemAll(ledger, copies))).toStrictEqual({ minted: 10 });
      const stored = await ledger.findCredential(redemption.credential.id);
      expect(stored).toStrictEqual({ credential: redemption.credential, epochStands: true });
      expect(await grantedIds(ledger)).toStrictEqual([redemption.credential.id]);
    });

    it("is used when its credential is revoked and the redemption sent again", async () => {
      const { ledger, clock } = under();
      const redemption = newRedemption(clock);
      const { id, issuedAt } = redemption.credential;
      await ledger.redeem(redemption);
      await ledger.revoke(id, issuedAt, redemption.event);
      expect(await ledger.redeem(redemption)).toStrictEqual(USED);
      expect(await aliveIds(ledger, [redemption])).toStrictEqual([]);
    });

    it("stays apart from one whose replay key differs in the last digit", async () => {
      const { ledger, clock } = under();
      const replayKey = "07".repeat(32);
      await ledger.redeem(newRedemption(clock, { replayKey }));
      const neighbour = newRedemption(clock, { replayKey: `${replayKey.slice(0, -1)}8` });
      expect(await ledger.redeem(neighbour)).toStrictEqual(MINTED);
    });

    it("is remembered until its mark expires", async () => {
      const { ledger, clock } = under();
      const markExpiresAt = Math.floor(clock.now() / 1000) + 2;
      await ledger.redeem(newRedemption(clock, { markExpiresAt }));
      const again = async () => (await ledger.redeem(newRedemption(clock))).kind;
      expect(await again()).toBe("used");
      await expect.poll(again, { timeout: 10_000, interval: 25 }).toBe("minted");
      expect(clock.now()).toBeGreaterThanOrEqual(markExpiresAt * 1000);
    });
  });

  describe("a redemption is refused, and nothing is written,", () => {
    const refusals: readonly (readonly [string, string, (now: number) => Partial<Redemption>])[] = [
      ["when its mark has expired", "mark_expired", (now) => ({ markExpiresAt: Math.floor(now / 1000) - 1 })],
      ["when its mark expires now", "mark_expired", (now) => ({ markExpiresAt: Math.floor(now / 1000) })],
      [
        "when the caller's clock is ahead",
        "clock_skew",
        (now) => ({ now: now + MAX_CLOCK_SKEW_MS + SLACK_MS }),
      ],
      ["when the caller's clock is behind", "clock_skew", (now) => ({ now: now - MAX_CLOCK_SKEW_MS - 1 })],
      [
        "by its clock before its mark",
        "clock_skew",
        (now) => ({ now: now - MAX_CLOCK_SKEW_MS - 1, markExpiresAt: 1 }),
      ],
    ];
    it.each(refusals)("%s", async (_, kind, change) => {
      const { ledger, clock } = under();
      const refused = newRedemption(clock, change(clock.now()));
      expect(await ledger.redeem(refused)).toStrictEqual({ kind });
      expect(await ledger.findCredential(refused.credential.id)).toBeUndefined();
      expect(await ledger.readEvents(10)).toStrictEqual([]);
      expect(await ledger.redeem(newRedemption(clock))).toStrictEqual(MINTED);
    });

    it.each([
      ["ahead", MAX_CLOCK_SKEW_MS],
      ["behind", SLACK_MS - MAX_CLOCK_SKEW_MS],
    ])("but not when the caller's clock is a little %s", async (_, skew) => {
      const { ledger, clock } = under();
      const redemption = newRedemption(clock, { now: clock.now() + skew });
      expect(await ledger.redeem(redemption)).toStrictEqual(MINTED);
    });
  });
}
