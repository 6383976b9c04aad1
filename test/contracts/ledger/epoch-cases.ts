import { describe, expect, it } from "vitest";
import { anEvent } from "../../support/baseline.ts";
import type { LedgerUnderTest } from "../ledger-contract.ts";
import { aliveIds, MINTED, newHash, newRedemption } from "./redemptions.ts";

const PREDATES = { kind: "predates_epoch" };
/** Ahead of the store's clock by more than a test takes: surely issued after an epoch that is born now. */
const SOON = 60;

export function epochCases(under: () => LedgerUnderTest): void {
  const now = () => Math.floor(under().clock.now() / 1000);
  const issuedAt = (tokenIssuedAt: number, shard = 7) =>
    newRedemption(under().clock, { tokenIssuedAt, shard, replayKey: newHash() });

  describe("an epoch", () => {
    it.each([
      ["long before", -100],
      ["in the second of", 0],
    ])("refuses an identity token issued %s its birth, and writes nothing", async (_, offset) => {
      const { ledger, ageEpochs } = under();
      await ledger.open();
      const birth = now() - 1000;
      await ageEpochs(birth);
      const refused = issuedAt(birth + offset);
      expect(await ledger.redeem(refused)).toStrictEqual(PREDATES);
      expect(await ledger.findCredential(refused.credential.id)).toBeUndefined();
      expect(await ledger.readEvents(10)).toStrictEqual([]);
      expect(await ledger.redeem({ ...refused, tokenIssuedAt: birth + 1 })).toStrictEqual(MINTED);
    });

    it("is born when the ledger is opened", async () => {
      const { ledger } = under();
      const before = now();
      await ledger.open();
      expect(await ledger.redeem(issuedAt(before - 1))).toStrictEqual(PREDATES);
      expect(await ledger.redeem(issuedAt(before + SOON))).toStrictEqual(MINTED);
    });

    it("is made by redeem when it is missing, born now, and stays", async () => {
      const { ledger, ageEpochs } = under();
      const old = issuedAt(now() - 1);
      expect(await ledger.redeem(old)).toStrictEqual(PREDATES);
      // The refusal has made it: there is one to age.
      await ageEpochs(now() - 1000);
      expect(await ledger.redeem(old)).toStrictEqual(MINTED);
      const other = issuedAt(now() + SOON, 8);
      expect(await ledger.redeem(other)).toStrictEqual(MINTED);
      expect(await aliveIds(ledger, [old, other])).toHaveLength(2);
    });

    it("is left as it is when the ledger is opened again", async () => {
      const { ledger, ageEpochs } = under();
      await ledger.open();
      await ageEpochs(now() - 1000);
      const redemption = issuedAt(now() - 500);
      await ledger.redeem(redemption);
      await ledger.open();
      expect(await aliveIds(ledger, [redemption])).toStrictEqual([redemption.credential.id]);
      expect(await ledger.redeem(issuedAt(now() - 500))).toStrictEqual(MINTED);
    });

    // attack 10
    it("that is new kills every credential and refuses what was issued until now", async () => {
      const { ledger, clock, ageEpochs } = under();
      await ledger.open();
      await ageEpochs(now() - 1000);
      const redemptions = [0, 7, 63].map((shard) => issuedAt(now() - 10, shard));
      for (const redemption of redemptions) expect(await ledger.redeem(redemption)).toStrictEqual(MINTED);
      const started = anEvent(clock.now(), { kind: "epoch.started" });
      await ledger.startEpoch(started);
      for (const redemption of redemptions) {
        const { credential, shard } = redemption;
        expect(await ledger.findCredential(credential.id)).toStrictEqual({ credential, epochStands: false });
        expect(await ledger.redeem(redemption)).toStrictEqual(PREDATES);
        expect(await ledger.redeem(issuedAt(now() - 5, shard))).toStrictEqual(PREDATES);
        const fresh = issuedAt(now() + SOON, shard);
        expect(await ledger.redeem(fresh)).toStrictEqual(MINTED);
        expect(await aliveIds(ledger, [fresh])).toHaveLength(1);
      }
      const kinds = (await ledger.readEvents(10)).map((event) => event.kind);
      expect(kinds.filter((kind) => kind === "epoch.started")).toHaveLength(1);
    });
  });
}
