import { describe, expect, it } from "vitest";
import { type Credential, RECORD_MARGIN_SECONDS } from "../../../src/domain/accounts/credential.ts";
import { anEvent } from "../../support/baseline.ts";
import type { LedgerUnderTest } from "../ledger-contract.ts";
import { newRedemption } from "./redemptions.ts";

/** What a platform may put into a subject, and a store may stumble over. */
const ODD_SUBJECT = 'repo:acme/äpp:ref:\u0000\n"\\{s:07}\u2028\u202e😀 \u0301%00 \uffff';

const RECORDS: readonly (readonly [string, Partial<Credential>])[] = [
  ["as the baseline has it", {}],
  ["with an odd subject", { subject: ODD_SUBJECT }],
  ["without a grant, but with the catalogue", { grants: [], catalog: true }],
  [
    "with several grants, one without an action",
    {
      grants: [
        { registry: "r.example.com", repository: "acme/**", actions: ["pull", "push", "delete"] },
        { registry: "s.example.com:5000", repository: "acme/app", actions: [] },
      ],
    },
  ],
  ["with other nonces", { nonces: { namespace: "n", robot: "", rule: "1", issuer: "01" } }],
];

export function credentialCases(under: () => LedgerUnderTest): void {
  describe("a credential's record", () => {
    it.each(RECORDS)("comes back %s", async (_, change) => {
      const { ledger, clock } = under();
      const redemption = newRedemption(clock, {}, change);
      await ledger.redeem(redemption);
      expect(await ledger.findCredential(redemption.credential.id)).toStrictEqual({
        credential: redemption.credential,
        epochStands: true,
      });
    });

    it("is undefined for an unknown id", async () => {
      const { ledger, clock } = under();
      await ledger.redeem(newRedemption(clock));
      expect(await ledger.findCredential(`07${"0".repeat(32)}`)).toBeUndefined();
    });

    it.each([
      ["stays for an hour past its end", -60, true],
      ["is gone after that", 60, false],
    ])("%s", async (_, over, there) => {
      const { ledger, clock } = under();
      const expiresAt = Math.floor(clock.now() / 1000) - RECORD_MARGIN_SECONDS - over;
      const redemption = newRedemption(clock, {}, { issuedAt: expiresAt - 300, expiresAt });
      await ledger.redeem(redemption);
      const stored = await ledger.findCredential(redemption.credential.id);
      expect(stored?.credential).toStrictEqual(there ? redemption.credential : undefined);
    });
  });

  describe("revoking", () => {
    const revocation = (at: number) => anEvent(at * 1000, { kind: "credential.revoked" });

    it("marks the record, once, and keeps the first time", async () => {
      const { ledger, clock } = under();
      const redemption = newRedemption(clock);
      const { credential } = redemption;
      await ledger.redeem(redemption);
      const at = credential.issuedAt + 1;
      expect(await ledger.revoke(credential.id, at, revocation(at))).toBe("revoked");
      expect(await ledger.revoke(credential.id, at + 5, revocation(at + 5))).toBe("unchanged");
      expect(await ledger.findCredential(credential.id)).toStrictEqual({
        credential: { ...credential, revokedAt: at },
        epochStands: true,
      });
      expect(await ledger.readEvents(10)).toStrictEqual([revocation(at), redemption.event]);
    });

    it("answers unknown for no record, and leaves no event", async () => {
      const { ledger, clock } = under();
      const at = Math.floor(clock.now() / 1000);
      expect(await ledger.revoke(`07${"0".repeat(32)}`, at, revocation(at))).toBe("unknown");
      expect(await ledger.readEvents(10)).toStrictEqual([]);
    });

    it("happens once of 20 at once", async () => {
      const { ledger, clock } = under();
      const redemption = newRedemption(clock);
      const { id, issuedAt } = redemption.credential;
      await ledger.redeem(redemption);
      const calls = Array.from({ length: 20 }, () => ledger.revoke(id, issuedAt, revocation(issuedAt)));
      const answers = (await Promise.all(calls)).sort();
      expect(answers).toStrictEqual(["revoked", ...Array.from({ length: 19 }, () => "unchanged")].sort());
      expect(await ledger.readEvents(100)).toHaveLength(2);
    });
  });
}
