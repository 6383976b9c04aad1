import { describe, expect, it } from "vitest";
import { aNearMiss, anEvent } from "../../support/baseline.ts";
import type { AuditLogUnderTest } from "../audit-log-contract.ts";
import { aNamespaceChange, aSystemChange } from "../directory/changes.ts";
import { newRedemption } from "../ledger/redemptions.ts";
import { readAll } from "./read-all.ts";

export function purgeCases(under: () => AuditLogUnderTest): void {
  const SUBJECT = 'repo:acme/äpp "\u0000';

  describe("purging a subject", () => {
    it("removes its events wherever they are, and no others", async () => {
      const { auditLog, ledger, directory, clock } = under();
      const redemption = newRedemption(clock);
      await ledger.redeem({ ...redemption, event: { ...redemption.event, subject: SUBJECT } });
      const event = anEvent(1, { subject: SUBJECT, kind: "identity.pinned" });
      await directory.commitNamespace(aNamespaceChange({ event }));
      await directory.commitSystem(aSystemChange({ event }));
      const others = [
        anEvent(1, { subject: `${SUBJECT}x` }),
        anEvent(1, { detail: SUBJECT, kind: "exchange.refused" }),
      ];
      await ledger.record(others);
      const refusals = Array.from({ length: 1100 }, (_, at) =>
        anEvent(1, { subject: SUBJECT, kind: "exchange.refused", robot: `acme+x${at}` }),
      );
      await ledger.record(refusals);
      expect(await auditLog.purgeSubject(SUBJECT)).toBe(3 + 1100);
      const left = await readAll(under());
      expect(left).toHaveLength(others.length);
      expect(left).toEqual(expect.arrayContaining(others));
      expect(await auditLog.purgeSubject(SUBJECT)).toBe(0);
    });

    it("removes all events of one that did a lot, and keeps what came between them", async () => {
      const { auditLog, ledger } = under();
      // More than a step, what stays as well; of one robot, so that they are in one place.
      const events = Array.from({ length: 1800 }, (_, at) =>
        anEvent(1, { requestId: `request-${at}`, subject: at % 3 === 0 ? SUBJECT : "other" }),
      );
      await ledger.record(events);
      expect(await auditLog.purgeSubject(SUBJECT)).toBe(600);
      expect(await readAll(under())).toStrictEqual(
        events.filter(({ subject }) => subject === "other").toReversed(),
      );
    });

    it("removes its near misses, and no others", async () => {
      const { auditLog, directory, nearMisses, clock } = under();
      const now = clock.now();
      await directory.commitNamespace(aNamespaceChange());
      const seen = (id: string, sub: string, tenant = "repository_owner_id=42") => ({
        miss: aNearMiss({ id, tenant, claims: { ...aNearMiss().claims, sub } }),
        at: now,
        requestId: id,
      });
      const sightings = [
        seen("a", SUBJECT),
        seen("b", "other"),
        seen("c", SUBJECT, "repository_owner_id=43"),
        seen("d", SUBJECT),
      ];
      await nearMisses.keep("acme", sightings, 2, now);
      expect(await auditLog.purgeSubject(SUBJECT)).toBe(3);
      const { misses, others } = await nearMisses.read("acme", now);
      expect(misses.map(({ miss }) => miss.id)).toStrictEqual(["b"]);
      expect(others).toBe(2);
      expect(await auditLog.purgeSubject(SUBJECT)).toBe(0);
    });
  });
}
