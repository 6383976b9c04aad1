import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RECORD_MARGIN_SECONDS } from "../../src/domain/accounts/credential.ts";
import { NEAR_MISS_MS, type NearMiss } from "../../src/domain/near-miss.ts";
import type { ApiTokens, Directory, Ledger, NearMissStore, Sweeper } from "../../src/usecases/ports.ts";
import { SWEEP_KINDS, type SweepKind } from "../../src/usecases/store-records.ts";
import { aNearMiss, anApiToken, anEvent, aRobot, aRule } from "../support/baseline.ts";
import { aNamespaceChange, aRemoval } from "./directory/changes.ts";
import { aPin } from "./directory/pin-cases.ts";
import { MINTED, newHash, newRedemption } from "./ledger/redemptions.ts";

export interface SweeperUnderTest {
  readonly sweeper: Sweeper;
  readonly directory: Directory;
  readonly ledger: Ledger;
  readonly nearMisses: NearMissStore;
  readonly apiTokens: ApiTokens;
  close(): Promise<void>;
}

const PINNING = aRobot({ rules: [aRule({ pin: "first-use" })] });

/**
 * What every adapter of `Sweeper` must do. What a kind finds to remove differs: a store that removes something by
 * itself has none of it.
 *
 * @param open Gives stores that are empty, at each call.
 */
export function sweeperContract(name: string, open: () => Promise<SweeperUnderTest>): void {
  describe(`sweeper contract: ${name}`, () => {
    let under: SweeperUnderTest;
    beforeEach(async () => {
      under = await open();
      await under.ledger.open();
    });
    afterEach(() => under.close());

    /** How many went at each call, until there were fewer than `limit`. */
    const sweepAll = async (kind: SweepKind, limit: number, now = Date.now()) => {
      const gone: number[] = [];
      do gone.push(await under.sweeper.sweep(kind, limit, now));
      while (gone.at(-1) === limit);
      return gone;
    };

    it.each(SWEEP_KINDS)("has no %s in an empty store", async (kind) => {
      expect(await under.sweeper.sweep(kind, 10, Date.now())).toBe(0);
    });

    it("leaves what lives", async () => {
      const { directory, ledger, nearMisses, apiTokens } = under;
      const now = Date.now();
      await directory.commitNamespace(aNamespaceChange({ putRobots: [PINNING] }));
      await directory.pinIdentity(aPin());
      await directory.commitNamespace(aNamespaceChange({ name: "gone", putRobots: [] }));
      await directory.commitNamespace(aRemoval(1, "gone"));
      await apiTokens.add(anApiToken({ expiresAt: Math.floor(now / 1000) + 1 }), anEvent(now));
      await nearMisses.keep("acme", [{ miss: aNearMiss(), at: now, requestId: "r" }], 3, now);
      const redemption = newRedemption({ now: () => now, waitUntil: async () => undefined }, soon());
      expect(await ledger.redeem(redemption)).toStrictEqual(MINTED);
      const read = async () => ({
        namespace: await directory.readNamespace("acme"),
        account: await directory.findAccount("acme+builder"),
        reservations: await directory.listReservations(),
        tokens: await apiTokens.list(),
        nearMisses: await nearMisses.read("acme", now),
        credential: await ledger.findCredential(redemption.credential.id),
      });
      const before = await read();
      expect(before).toMatchObject({
        namespace: { pins: { "acme+builder": {} } },
        reservations: [{ name: "gone" }],
        tokens: [{}],
        nearMisses: { misses: [{}], others: 3 },
        credential: { epochStands: true },
      });
      for (const kind of SWEEP_KINDS) expect(await sweepAll(kind, 1, now)).toStrictEqual([0]);
      expect(await read()).toStrictEqual(before);
      const again = newRedemption(
        { now: () => now, waitUntil: async () => undefined },
        { ...soon(), replayKey: redemption.replayKey },
      );
      expect(await ledger.redeem(again)).toStrictEqual({ kind: "used" });
    });

    it("shows a removed namespace's robots neither before nor after they are swept", async () => {
      const { directory } = under;
      const robots = ["a", "b", "c", "d", "e"].map((short) => aRobot({ name: `acme+${short}` }));
      await directory.commitNamespace(aNamespaceChange({ putRobots: robots }));
      await directory.commitNamespace(aNamespaceChange({ name: "beta", putRobots: [] }));
      await directory.commitNamespace(aRemoval(1));
      const gone = await sweepAll("robots of removed namespaces", 2);
      expect(gone.every((count) => count <= 2)).toBe(true);
      expect(await under.sweeper.sweep("robots of removed namespaces", 2, Date.now())).toBe(0);
      await directory.commitNamespace(aNamespaceChange({ putRobots: [] }));
      expect(await directory.listRobots("acme", "", 10)).toStrictEqual([]);
      expect((await directory.readNamespace("acme"))?.robots).toStrictEqual([]);
    });

    it("removes API tokens an hour after their end, in batches, without their flag", async () => {
      const { apiTokens, sweeper } = under;
      const tokens = [100, 100, 100, 200].map((expiresAt) => {
        const hash = newHash();
        return anApiToken({ id: hash.slice(0, 32), hash, expiresAt, scopes: ["super:user"] });
      });
      for (const token of tokens) await apiTokens.add(token, anEvent(0));
      const end = (100 + RECORD_MARGIN_SECONDS) * 1000;
      expect(await sweeper.sweep("expired API tokens", 10, end - 1)).toBe(0);
      expect(await sweepAll("expired API tokens", 2, end)).toStrictEqual([2, 1]);
      expect(await apiTokens.list()).toStrictEqual(tokens.slice(3));
      expect(await sweepAll("expired API tokens", 1, end + 100_000)).toStrictEqual([1, 0]);
      expect(await apiTokens.add(anApiToken(), anEvent(0), "first")).toBe(false);
    });

    describe("near misses", () => {
      const seen = (at: number, miss: Partial<NearMiss> = {}) => ({
        miss: aNearMiss(miss),
        at,
        requestId: "r",
      });
      const idsOf = async (namespace: string, now: number) =>
        (await under.nearMisses.read(namespace, now)).misses.map(({ miss }) => miss.id).toSorted();

      it("are removed when they are thirty days old, in batches", async () => {
        const { directory, nearMisses, sweeper } = under;
        const now = Date.now();
        await directory.commitNamespace(aNamespaceChange());
        const sightings = [
          ...["a", "b"].map((id) => seen(now, { id })),
          seen(now, { id: "c", tenant: "owner_id=43" }),
          seen(now + 1, { id: "young" }),
        ];
        await nearMisses.keep("acme", sightings, 0, now);
        const end = now + NEAR_MISS_MS;
        expect(await sweeper.sweep("near misses", 10, end - 1)).toBe(0);
        expect(await sweepAll("near misses", 2, end)).toStrictEqual([2, 1]);
        expect(await idsOf("acme", now)).toStrictEqual(["young"]);
        expect(await sweepAll("near misses", 2, end + 1)).toStrictEqual([1]);
        expect(await idsOf("acme", now)).toStrictEqual([]);
      });

      it("of strangers are removed by the day", async () => {
        const { directory, nearMisses } = under;
        const now = Date.now();
        await directory.commitNamespace(aNamespaceChange());
        const day = 86_400_000;
        for (const age of [0, 1, 2]) await nearMisses.keep("acme", [], 3 + age, now + age * day);
        expect(await sweepAll("near misses", 5, now + NEAR_MISS_MS - day)).toStrictEqual([0]);
        expect(await sweepAll("near misses", 1, now + NEAR_MISS_MS + day)).toStrictEqual([1, 1, 0]);
        expect((await nearMisses.read("acme", now)).others).toBe(5);
      });

      it("go with their namespace, and others stay", async () => {
        const { directory, nearMisses } = under;
        const now = Date.now();
        for (const name of ["acme", "beta"]) {
          await directory.commitNamespace(aNamespaceChange({ name }));
          const sightings = ["a", "b"].map((id) => seen(now, { id, namespace: name, tenant: `id=${id}` }));
          await nearMisses.keep(name, sightings, 3, now);
        }
        await directory.commitNamespace(aRemoval(1));
        expect(await sweepAll("near misses", 2, now)).toStrictEqual([2, 1]);
        await directory.commitNamespace(aNamespaceChange());
        expect(await nearMisses.read("acme", now)).toStrictEqual({ misses: [], others: 0 });
        expect(await idsOf("beta", now)).toStrictEqual(["a", "b"]);
        expect((await nearMisses.read("beta", now)).others).toBe(3);
      });
    });
  });
}

/** Later than the birth of an epoch that is new. */
function soon() {
  return { tokenIssuedAt: Math.floor(Date.now() / 1000) + 60 };
}
