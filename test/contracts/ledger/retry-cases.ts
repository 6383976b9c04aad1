import { describe, expect, it } from "vitest";
import type { LedgerUnderTest } from "../ledger-contract.ts";
import { aliveIds, grantedIds, MINTED, newHash, newRedemption, redeemAll, tally } from "./redemptions.ts";

const USED = { kind: "used" };

export function retryCases(under: () => LedgerUnderTest): void {
  describe("an identity token with a retry key", () => {
    it("revokes the first credential and mints its successor", async () => {
      const { ledger, clock } = under();
      const retryKeyHash = newHash();
      const first = newRedemption(clock, { retryKeyHash });
      const second = newRedemption(clock, { retryKeyHash });
      const before = Math.floor(clock.now() / 1000);
      expect(await ledger.redeem(first)).toStrictEqual(MINTED);
      expect(await ledger.redeem(second)).toStrictEqual({ kind: "minted", replaced: first.credential.id });
      expect(await aliveIds(ledger, [first, second])).toStrictEqual([second.credential.id]);
      const revokedAt = (await ledger.findCredential(first.credential.id))?.credential.revokedAt ?? 0;
      expect(revokedAt).toBeGreaterThanOrEqual(before);
      expect(revokedAt).toBeLessThanOrEqual(Math.floor(clock.now() / 1000));
      expect(await ledger.readEvents(10)).toStrictEqual([
        { ...second.event, replacedCredentialId: first.credential.id },
        first.event,
      ]);
    });

    it.each([
      ["another", newHash(), newHash()],
      ["no", newHash(), undefined],
      ["a retry key where the first had no", undefined, newHash()],
      ["no retry key where the first had no", undefined, undefined],
    ])("is used when it comes again with %s retry key", async (_, firstKey, secondKey) => {
      const { ledger, clock } = under();
      const first = newRedemption(clock, firstKey === undefined ? {} : { retryKeyHash: firstKey });
      const second = newRedemption(clock, secondKey === undefined ? {} : { retryKeyHash: secondKey });
      await ledger.redeem(first);
      expect(await ledger.redeem(second)).toStrictEqual(USED);
      expect(await aliveIds(ledger, [first, second])).toStrictEqual([first.credential.id]);
    });

    it("is used when a redemption that was replaced is sent again", async () => {
      const { ledger, clock } = under();
      const retryKeyHash = newHash();
      const first = newRedemption(clock, { retryKeyHash });
      const second = newRedemption(clock, { retryKeyHash });
      await ledger.redeem(first);
      await ledger.redeem(second);
      expect(await ledger.redeem(first)).toStrictEqual(USED);
      expect(await aliveIds(ledger, [first, second])).toStrictEqual([second.credential.id]);
    });

    it("gives the same answer when the successor's redemption is sent again", async () => {
      const { ledger, clock } = under();
      const retryKeyHash = newHash();
      const first = newRedemption(clock, { retryKeyHash });
      const second = newRedemption(clock, { retryKeyHash });
      await ledger.redeem(first);
      const answer = await ledger.redeem(second);
      expect(await ledger.redeem(second)).toStrictEqual(answer);
      expect(await aliveIds(ledger, [first, second])).toStrictEqual([second.credential.id]);
      expect(await grantedIds(ledger)).toStrictEqual([second.credential.id, first.credential.id]);
    });

    it("has one credential alive after 30 that ask at once", async () => {
      const { ledger, clock } = under();
      const retryKeyHash = newHash();
      const redemptions = Array.from({ length: 30 }, () => newRedemption(clock, { retryKeyHash }));
      const outcomes = await redeemAll(ledger, redemptions);
      expect(tally(outcomes)).toStrictEqual({ minted: 30 });
      const alive = await aliveIds(ledger, redemptions);
      expect(alive).toHaveLength(1);
      const replaced = outcomes.flatMap((outcome) => ("replaced" in outcome ? [outcome.replaced] : []));
      const ids = redemptions.map(({ credential }) => credential.id);
      expect([...replaced, ...alive].sort()).toStrictEqual(ids.sort());
    });

    // Whoever revoked it wanted it dead; the job that holds token and key must not undo that.
    it("has no successor once its credential was revoked", async () => {
      const { ledger, clock } = under();
      const retryKeyHash = newHash();
      const first = newRedemption(clock, { retryKeyHash });
      const second = newRedemption(clock, { retryKeyHash });
      await ledger.redeem(first);
      await ledger.revoke(first.credential.id, first.credential.issuedAt, first.event);
      expect(await ledger.redeem(second)).toStrictEqual(USED);
      expect(await aliveIds(ledger, [first, second])).toStrictEqual([]);
    });
  });
}
