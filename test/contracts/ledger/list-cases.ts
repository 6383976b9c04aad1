import { beforeEach, describe, expect, it } from "vitest";
import type { StoredCredential } from "../../../src/domain/accounts/credential.ts";
import type { CredentialQuery, Redemption } from "../../../src/usecases/store-records.ts";
import { anEvent } from "../../support/baseline.ts";
import type { LedgerUnderTest } from "../ledger-contract.ts";
import { newHash, newRedemption, redeemAll } from "./redemptions.ts";

type Filter = Partial<CredentialQuery>;

/** Robots of two namespaces, one of which begins as the other does. */
const ROBOTS = [
  { robot: "acme+builder", robotUid: "uid-1" },
  { robot: "acme+deployer", robotUid: "uid-2" },
  { robot: "acme-web+builder", robotUid: "uid-3" },
] as const;
const LIFETIMES = [300, 900, 900, 900, 3600];

export function listCases(under: () => LedgerUnderTest): void {
  const now = () => Math.floor(under().clock.now() / 1000);

  /** All pages of a list, each of which is checked against its limit. */
  async function listAll(filter: Filter = {}): Promise<StoredCredential[]> {
    const all: StoredCredential[] = [];
    const query = { now: now(), limit: 1000, ...filter };
    for (let after = filter.after; ; ) {
      const page = await under().ledger.listCredentials({ ...query, ...(after && { after }) });
      expect(page.credentials.length).toBeLessThanOrEqual(query.limit);
      all.push(...page.credentials);
      if (page.next === undefined) return all;
      after = page.next;
    }
  }

  const idsOf = (stored: readonly StoredCredential[]) => stored.map(({ credential }) => credential.id).sort();
  const listIds = async (filter: Filter = {}) => idsOf(await listAll(filter));
  const idsWhere = (is: (redemption: Redemption) => boolean, of = redemptions) =>
    of
      .filter(is)
      .map(({ credential }) => credential.id)
      .sort();

  let redemptions: Redemption[];

  describe("the list of credentials", () => {
    /** In six shards, the last among them, with three robots and a few times of expiry in each. */
    beforeEach(async () => {
      redemptions = [0, 1, 7, 8, 31, 63].flatMap((shard) =>
        ROBOTS.flatMap((robot) =>
          LIFETIMES.map((seconds) =>
            newRedemption(
              under().clock,
              { shard, replayKey: newHash() },
              { ...robot, expiresAt: now() + seconds },
            ),
          ),
        ),
      );
      await redeemAll(under().ledger, redemptions);
    });

    it.each([1, 2, 7, 89, 90, 1000])("holds each once, in pages of %i", async (limit) => {
      expect(await listIds({ limit })).toStrictEqual(idsWhere(() => true));
    });

    it.each([1, 4, 1000])("is of one robot alone, in pages of %i", async (limit) => {
      expect(await listIds({ limit, robotUid: "uid-1" })).toStrictEqual(
        idsWhere(({ credential }) => credential.robotUid === "uid-1"),
      );
    });

    it.each([1, 4, 1000])("is of one namespace alone, in pages of %i", async (limit) => {
      const ofAcme = idsWhere(({ credential }) => credential.robot.startsWith("acme+"));
      expect(await listIds({ limit, namespace: "acme" })).toStrictEqual(ofAcme);
      expect(await listIds({ limit, namespace: "nobody" })).toStrictEqual([]);
    });

    it("is empty for a robot of another namespace, or of none", async () => {
      expect(await listIds({ robotUid: "uid-3", namespace: "acme" })).toStrictEqual([]);
      expect(await listIds({ robotUid: "uid-9" })).toStrictEqual([]);
    });

    it.each([0, 300, 899, 900, 3600])("leaves out what has expired in %i s", async (seconds) => {
      const at = now() + seconds;
      const lasting = idsWhere(({ credential }) => credential.expiresAt > at);
      expect(await listIds({ now: at })).toStrictEqual(lasting);
    });

    it("goes on where it was when what it has shown expires", async () => {
      const page = await under().ledger.listCredentials({ now: now(), limit: 3 });
      const shown = idsOf(page.credentials);
      const later = now() + 900;
      const rest = await listIds({ now: later, limit: 3, ...(page.next && { after: page.next }) });
      const lasting = idsWhere(
        ({ credential }) => credential.expiresAt > later && !shown.includes(credential.id),
      );
      expect(rest).toStrictEqual(lasting);
    });

    it("begins anew behind what is no cursor", async () => {
      for (const after of ["", "x", "99", "64zz", "-", "1-", "\u0000"]) {
        expect(await listIds({ after })).toStrictEqual(idsWhere(() => true));
      }
    });
  });

  describe("the list of credentials", () => {
    it("gives back records as the ledger has them, with their revocations", async () => {
      const { ledger, clock } = under();
      const [revoked, alive] = [newRedemption(clock), newRedemption(clock, { replayKey: newHash() })];
      await redeemAll(ledger, [revoked, alive]);
      const at = now();
      await ledger.revoke(revoked.credential.id, at, anEvent(clock.now(), { kind: "credential.revoked" }));
      const expected = [
        { credential: { ...revoked.credential, revokedAt: at }, epochStands: true },
        { credential: alive.credential, epochStands: true },
      ];
      for (const filter of [{}, { robotUid: "robot-uid" }, { namespace: "acme" }]) {
        const listed = await listAll(filter);
        expect(listed).toHaveLength(2);
        expect(listed).toEqual(expect.arrayContaining(expected));
      }
    });

    it("holds the credential that a retry has replaced, as revoked", async () => {
      const { ledger, clock } = under();
      const retryKeyHash = newHash();
      const [first, second] = [
        newRedemption(clock, { retryKeyHash }),
        newRedemption(clock, { retryKeyHash }),
      ];
      await ledger.redeem(first);
      await ledger.redeem(second);
      for (const filter of [{}, { robotUid: "robot-uid" }]) {
        const listed = await listAll(filter);
        expect(idsOf(listed)).toStrictEqual(idsWhere(() => true, [first, second]));
        const alive = listed.filter(({ credential }) => credential.revokedAt === undefined);
        expect(idsOf(alive)).toStrictEqual([second.credential.id]);
      }
    });

    it("says that the epoch of a credential has ended", async () => {
      const { ledger, clock } = under();
      const redemption = newRedemption(clock);
      await ledger.redeem(redemption);
      await ledger.startEpoch(anEvent(clock.now(), { kind: "epoch.started" }));
      expect(await listAll()).toStrictEqual([{ credential: redemption.credential, epochStands: false }]);
    });

    it("ends a page after a bounded search, and goes on", async () => {
      const { ledger, clock } = under();
      const other = (at: number) =>
        newRedemption(
          clock,
          { shard: at % 64, replayKey: newHash() },
          { robot: "other+x1", robotUid: "other", expiresAt: now() + 300 },
        );
      for (let batch = 0; batch < 11; batch += 1) {
        await redeemAll(
          ledger,
          Array.from({ length: 500 }, (_, at) => other(at)),
        );
      }
      // Made last: it says what time it is.
      const wanted = newRedemption(clock, { shard: 63, replayKey: newHash() });
      await ledger.redeem(wanted);
      const first = await ledger.listCredentials({ now: now(), limit: 10, namespace: "acme" });
      expect(first.credentials).toStrictEqual([]);
      expect(await listIds({ namespace: "acme", ...(first.next && { after: first.next }) })).toStrictEqual([
        wanted.credential.id,
      ]);
    });
  });
}
