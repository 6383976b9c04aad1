import { describe, expect, it } from "vitest";
import { anEvent } from "../../support/baseline.ts";
import { aFullEvent } from "../../support/full-event.ts";
import type { LedgerUnderTest } from "../ledger-contract.ts";
import { newRedemption } from "./redemptions.ts";

export function auditCases(under: () => LedgerUnderTest): void {
  /** Each from a robot and a request of its own, so that a ledger which spreads them has to merge them. */
  const eventsUntil = (newest: number, count: number) =>
    Array.from({ length: count }, (_, index) =>
      anEvent(newest - (count - 1 - index), {
        kind: "registry_token.granted",
        requestId: `request-${index}`,
        robot: `acme+robot-${index}`,
      }),
    );

  describe("the audit record", () => {
    it("takes no event at all", async () => {
      const { ledger } = under();
      await ledger.record([]);
      expect(await ledger.readEvents(10)).toStrictEqual([]);
    });

    it("gives back every field", async () => {
      const { ledger } = under();
      await ledger.record([aFullEvent()]);
      expect(await ledger.readEvents(10)).toStrictEqual([aFullEvent()]);
    });

    it("is read newest first, at most as many as asked for", async () => {
      const { ledger, clock } = under();
      const events = eventsUntil(clock.now(), 300);
      await ledger.record(events.slice(0, 200));
      await ledger.record(events.slice(200));
      const newestFirst = events.toReversed();
      expect(await ledger.readEvents(1000)).toStrictEqual(newestFirst);
      expect(await ledger.readEvents(7)).toStrictEqual(newestFirst.slice(0, 7));
    });

    it("holds what redeem and revoke wrote among the rest", async () => {
      const { ledger, clock } = under();
      const redemption = newRedemption(clock);
      const { id, issuedAt } = redemption.credential;
      const before = anEvent(redemption.now - 5, { requestId: "before" });
      const revoked = anEvent(redemption.now + 5, { kind: "credential.revoked", credentialId: id });
      const after = anEvent(redemption.now + 10, { requestId: "after" });
      await ledger.record([before]);
      await ledger.redeem(redemption);
      await ledger.revoke(id, issuedAt, revoked);
      await ledger.record([after]);
      expect(await ledger.readEvents(10)).toStrictEqual([after, revoked, redemption.event, before]);
    });
  });

  it("answers a ping", async () => {
    await expect(under().ledger.ping()).resolves.toBeUndefined();
  });
}
