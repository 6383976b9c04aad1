import { describe, expect, it } from "vitest";
import type { AuditEvent } from "../../../src/domain/audit-event.ts";
import type { AuditQuery } from "../../../src/domain/audit-query.ts";
import { anEvent } from "../../support/baseline.ts";
import { aFullEvent } from "../../support/full-event.ts";
import type { AuditLogUnderTest } from "../audit-log-contract.ts";
import { aNamespaceChange, aSystemChange } from "../directory/changes.ts";
import { newHash, newRedemption } from "../ledger/redemptions.ts";
import { readAll } from "./read-all.ts";

/** More than one page looks at. */
const MANY = 21_000;

const requestIds = (events: readonly AuditEvent[]) => events.map(({ requestId }) => requestId);

export function queryCases(under: () => AuditLogUnderTest): void {
  /** Of several robots of two namespaces, grants and refusals, in one write. */
  const manyEvents = () =>
    Array.from({ length: 200 }, (_, at) =>
      anEvent(under().clock.now(), {
        kind: at % 3 === 0 ? "exchange.refused" : "registry_token.granted",
        requestId: `request-${at}`,
        robot: `${at % 2 === 0 ? "acme" : "other"}+robot-${at % 11}`,
      }),
    );

  describe("a query", () => {
    it("of an empty record gives an empty page, the last", async () => {
      expect(await under().auditLog.query({}, { limit: 10 })).toStrictEqual({ events: [] });
    });

    it("gives back every field", async () => {
      await under().ledger.record([aFullEvent()]);
      expect(await readAll(under())).toStrictEqual([aFullEvent()]);
    });

    it.each([1, 3, 199, 200, 1000])("gives each event once, in pages of %i", async (limit) => {
      const events = manyEvents();
      await under().ledger.record(events);
      expect(requestIds(await readAll(under(), {}, limit)).sort()).toStrictEqual(requestIds(events).sort());
    });

    it("gives each event once, however far it goes", async () => {
      const events = Array.from({ length: 1800 }, (_, at) => anEvent(1, { requestId: `request-${at}` }));
      await under().ledger.record(events);
      expect(await readAll(under(), {}, 5000)).toStrictEqual(events.toReversed());
    });

    it.each([1, 2, 1000])("gives the newest first, in pages of %i", async (limit) => {
      // Of one robot and one kind, so that every store keeps them in one place and knows their order.
      const events = Array.from({ length: 7 }, (_, at) => anEvent(1, { requestId: `request-${at}` }));
      for (const event of events) await under().ledger.record([event]);
      expect(await readAll(under(), {}, limit)).toStrictEqual(events.toReversed());
    });

    it("leaves out nothing that was there when events come between its pages", async () => {
      const events = manyEvents();
      await under().ledger.record(events);
      const first = await under().auditLog.query({}, { limit: 50 });
      await under().ledger.record(manyEvents().map((event) => ({ ...event, requestId: "later" })));
      const rest = await readAll(under(), {}, 50, first.next);
      const read = requestIds([...first.events, ...rest]).filter((id) => id !== "later");
      expect(read.sort()).toStrictEqual(requestIds(events).sort());
    });

    it("begins anew behind what is no cursor", async () => {
      await under().ledger.record([aFullEvent()]);
      for (const after of ["x", "-1", "1-", "1-2-", "\u0000"]) {
        expect(await readAll(under(), {}, 10, after)).toStrictEqual([aFullEvent()]);
      }
    });

    it("finds what redeem, revoke and changes of the directory wrote", async () => {
      const { ledger, directory, clock } = under();
      const retryKeyHash = newHash();
      const first = newRedemption(clock, { retryKeyHash });
      const second = newRedemption(clock, { retryKeyHash });
      const revoked = anEvent(clock.now(), { kind: "credential.revoked" });
      await ledger.redeem(first);
      await ledger.redeem(second);
      await ledger.revoke(second.credential.id, second.credential.issuedAt, revoked);
      const changes = { namespace: aNamespaceChange(), system: aSystemChange() };
      await directory.commitNamespace(changes.namespace);
      await directory.commitSystem(changes.system);
      const written = [
        first.event,
        { ...second.event, replacedCredentialId: first.credential.id },
        revoked,
        changes.namespace.event,
        changes.system.event,
      ];
      const events = await readAll(under());
      expect(events).toHaveLength(written.length);
      expect(events).toEqual(expect.arrayContaining(written));
      expect(await readAll(under(), { credentialId: first.credential.id })).toHaveLength(2);
    });

    it("leaves all others out", async () => {
      const { robot: _, ...wanted } = anEvent(5, { namespace: "acme", kind: "directory.changed" });
      const others = [
        anEvent(5, { kind: "directory.changed", robot: "acme-web+builder" }),
        anEvent(5, { kind: "exchange.refused" }),
        anEvent(4, { kind: "directory.changed" }),
        anEvent(6, { kind: "directory.changed" }),
      ];
      await under().ledger.record([...others, wanted]);
      const query = { namespace: "acme", kind: "directory.changed", since: 5, until: 6 } as const;
      expect(await readAll(under(), query, 1)).toStrictEqual([wanted]);
    });

    it.each<{ query: AuditQuery }>([{ query: { namespace: "acme" } }, { query: { robot: "acme+builder" } }])(
      "of $query reads the namespace's own record too",
      async ({ query }) => {
        const change = aNamespaceChange();
        const refused = anEvent(1, { kind: "exchange.refused" });
        await under().directory.commitNamespace({
          ...change,
          event: anEvent(1, { kind: "directory.changed" }),
        });
        await under().directory.commitNamespace({
          ...change,
          name: "other",
          event: anEvent(1, { robot: "other+builder" }),
        });
        await under().ledger.record([refused]);
        expect((await readAll(under(), query)).map(({ kind }) => kind).sort()).toStrictEqual([
          "directory.changed",
          "exchange.refused",
        ]);
      },
    );

    it("of what is no robot's name reads all", async () => {
      await under().ledger.record([anEvent(1, { robot: "nobody" }), anEvent(1)]);
      expect(await readAll(under(), { robot: "nobody" })).toStrictEqual([anEvent(1, { robot: "nobody" })]);
    });

    it("ends a page after a bounded search, and goes on", async () => {
      const { ledger, auditLog } = under();
      const wanted = anEvent(1, { requestId: "wanted" });
      await ledger.record([wanted]);
      for (let written = 0; written < MANY; written += 1000) {
        await ledger.record(
          Array.from({ length: 1000 }, (_, at) => anEvent(2, { robot: `acme+x${written + at}` })),
        );
      }
      const query = { requestId: "wanted" };
      const first = await auditLog.query(query, { limit: 10 });
      expect(first).toStrictEqual({ events: [], next: expect.any(String) });
      expect(await readAll(under(), query, 10, first.next)).toStrictEqual([wanted]);
    });
  });
}
