import { describe, expect, it } from "vitest";
import type { Credential } from "../../../src/domain/accounts/credential.ts";
import { MAX_REUSABLE_CREDENTIALS, type Redemption } from "../../../src/usecases/store-records.ts";
import type { LedgerUnderTest } from "../ledger-contract.ts";
import { aliveIds, MINTED, newHash, newRedemption, redeemAll, tally } from "./redemptions.ts";

const TOO_MANY = { kind: "too_many" };
const BLOCKED = { kind: "blocked" };

export function reusableCases(under: () => LedgerUnderTest): void {
  const reusable = (change: Partial<Redemption> = {}, credential: Partial<Credential> = {}) =>
    newRedemption(under().clock, { reusable: true, ...change }, credential);
  const asMany = (change: Partial<Redemption> = {}, credential: Partial<Credential> = {}) =>
    Array.from({ length: MAX_REUSABLE_CREDENTIALS }, () => reusable(change, credential));
  const ofAnyToken = () => asMany().map((redemption) => ({ ...redemption, replayKey: newHash() }));

  describe("a reusable identity token", () => {
    it("mints again and again, until its robot has too many alive", async () => {
      const { ledger } = under();
      const redemptions = asMany();
      for (const redemption of redemptions) expect(await ledger.redeem(redemption)).toStrictEqual(MINTED);
      const last = reusable();
      expect(await ledger.redeem(last)).toStrictEqual(TOO_MANY);
      expect(await ledger.findCredential(last.credential.id)).toBeUndefined();
      expect(await aliveIds(ledger, redemptions)).toHaveLength(MAX_REUSABLE_CREDENTIALS);
      expect(await ledger.readEvents(100)).toHaveLength(MAX_REUSABLE_CREDENTIALS);
    });

    it("mints no more than that of twice as many that ask at once", async () => {
      const { ledger } = under();
      const outcomes = await redeemAll(ledger, [...asMany(), ...ofAnyToken()]);
      expect(tally(outcomes)).toStrictEqual({
        minted: MAX_REUSABLE_CREDENTIALS,
        too_many: MAX_REUSABLE_CREDENTIALS,
      });
    });

    it("is not counted for another robot", async () => {
      const { ledger } = under();
      await redeemAll(ledger, asMany());
      const other = reusable({}, { robot: "acme+other", robotUid: "other-uid" });
      expect(await ledger.redeem(other)).toStrictEqual(MINTED);
    });

    it("does not count credentials that have expired", async () => {
      const { ledger, clock } = under();
      const now = Math.floor(clock.now() / 1000);
      await redeemAll(ledger, asMany({}, { issuedAt: now - 301, expiresAt: now - 1 }));
      expect(await ledger.redeem(reusable())).toStrictEqual(MINTED);
    });

    it("does not count credentials that were revoked", async () => {
      const { ledger } = under();
      const redemptions = ofAnyToken();
      await redeemAll(ledger, redemptions);
      for (const { credential, event } of redemptions.slice(0, 2)) {
        await ledger.revoke(credential.id, credential.issuedAt, event);
      }
      const outcomes = await redeemAll(ledger, [reusable(), reusable(), reusable()]);
      expect(tally(outcomes)).toStrictEqual({ minted: 2, too_many: 1 });
    });

    it("does not count single-use tokens of its robot, nor do they count it", async () => {
      const { ledger, clock } = under();
      const singleUse = () => newRedemption(clock, { replayKey: newHash() });
      await redeemAll(ledger, Array.from({ length: MAX_REUSABLE_CREDENTIALS }, singleUse));
      expect(tally(await redeemAll(ledger, asMany()))).toStrictEqual({ minted: MAX_REUSABLE_CREDENTIALS });
      expect(await ledger.redeem(singleUse())).toStrictEqual(MINTED);
    });

    it("gives the same answer to a redemption that is sent again, at the limit too", async () => {
      const { ledger } = under();
      const redemptions = asMany();
      await redeemAll(ledger, redemptions);
      expect(tally(await redeemAll(ledger, redemptions))).toStrictEqual({ minted: MAX_REUSABLE_CREDENTIALS });
      expect(await ledger.readEvents(100)).toHaveLength(MAX_REUSABLE_CREDENTIALS);
    });

    it("is blocked when one of its credentials is revoked; other tokens are not", async () => {
      const { ledger } = under();
      const [revoked, sibling] = [reusable(), reusable()];
      await redeemAll(ledger, [revoked, sibling]);
      await ledger.revoke(revoked.credential.id, revoked.credential.issuedAt, revoked.event);
      expect(await ledger.redeem(reusable())).toStrictEqual(BLOCKED);
      expect(await ledger.redeem(revoked)).toStrictEqual(BLOCKED);
      expect(await ledger.redeem(reusable({ replayKey: newHash() }))).toStrictEqual(MINTED);
      expect(await aliveIds(ledger, [revoked, sibling])).toStrictEqual([sibling.credential.id]);
    });
  });
}
