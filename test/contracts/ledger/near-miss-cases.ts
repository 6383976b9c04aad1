import { describe, expect, it } from "vitest";
import {
  MAX_NEAR_MISS_REQUESTS,
  MAX_NEAR_MISSES_PER_TENANT,
  NEAR_MISS_MS,
  type NearMiss,
} from "../../../src/domain/near-miss.ts";
import { aNearMiss } from "../../support/baseline.ts";
import type { LedgerUnderTest } from "../ledger-contract.ts";

const DAY_MS = 86_400_000;

const seen = (at: number, miss: Partial<NearMiss> = {}, requestId = "request-1") => ({
  miss: aNearMiss(miss),
  at,
  requestId,
});

export function nearMissCases(under: () => LedgerUnderTest): void {
  describe("near misses", () => {
    it("are none, of a namespace that has none", async () => {
      const { nearMisses, clock } = under();
      expect(await nearMisses.read("acme", clock.now())).toStrictEqual({ misses: [], others: 0 });
    });

    it("come back with every field, those of the namespace alone", async () => {
      const { nearMisses, clock } = under();
      const now = clock.now();
      const miss = {
        id: "cd".repeat(32),
        tenant: "sub=repo:äcme/😀\n",
        profile: "gitlab",
        denied: "a merge request's pipeline",
        claims: { "/kubernetes.io/namespace": "x", sub: 'a "b" \u0000' },
      };
      await nearMisses.keep("acme", [seen(now, miss)], 0, now);
      await nearMisses.keep("other", [seen(now, { namespace: "other", robot: "other+x1" })], 0, now);
      expect(await nearMisses.read("acme", now)).toStrictEqual({
        misses: [{ miss: aNearMiss(miss), at: now, times: 1, requestIds: ["request-1"] }],
        others: 0,
      });
    });

    it("of one id are counted, with the newest claims and the newest requests", async () => {
      const { nearMisses, clock } = under();
      const now = clock.now();
      const times = MAX_NEAR_MISS_REQUESTS + 2;
      const sightings = Array.from({ length: times }, (_, at) =>
        seen(now + at, { claims: { run_id: String(at) } }, `request-${at}`),
      );
      await nearMisses.keep("acme", sightings.slice(0, 5), 0, now);
      await nearMisses.keep("acme", sightings.slice(5), 0, now);
      const requests = sightings.map(({ requestId }) => requestId).toReversed();
      expect((await nearMisses.read("acme", now)).misses).toStrictEqual([
        {
          miss: aNearMiss({ claims: { run_id: String(times - 1) } }),
          at: now + times - 1,
          times,
          requestIds: requests.slice(0, MAX_NEAR_MISS_REQUESTS),
        },
      ]);
    });

    it("stay within the quota of their tenant, the newest of them", async () => {
      const { nearMisses, clock } = under();
      const now = clock.now();
      const many = Array.from({ length: MAX_NEAR_MISSES_PER_TENANT + 3 }, (_, at) =>
        seen(now + at, { id: `id-${at}` }),
      );
      await nearMisses.keep("acme", [seen(now, { id: "quiet", tenant: "owner_id=43" }), ...many], 0, now);
      const { misses } = await nearMisses.read("acme", now);
      expect(new Set(misses.map(({ miss }) => miss.id))).toStrictEqual(
        new Set(["quiet", ...many.slice(3).map(({ miss }) => miss.id)]),
      );
    });

    it("of which one was pushed out count from one again", async () => {
      const { nearMisses, clock } = under();
      const now = clock.now();
      const others = Array.from({ length: MAX_NEAR_MISSES_PER_TENANT }, (_, at) =>
        seen(now + 1 + at, { id: `id-${at}` }),
      );
      await nearMisses.keep("acme", [seen(now), ...others, seen(now + 100)], 0, now);
      const { misses } = await nearMisses.read("acme", now);
      expect(misses.find(({ miss }) => miss.id === aNearMiss().id)).toMatchObject({
        times: 1,
        requestIds: ["request-1"],
      });
    });

    it("go when they are thirty days old", async () => {
      const { nearMisses, clock } = under();
      const now = clock.now();
      await nearMisses.keep("acme", [seen(now, { id: "old" }), seen(now + 1, { id: "young" })], 0, now);
      const idsAt = async (at: number) =>
        (await nearMisses.read("acme", at)).misses.map(({ miss }) => miss.id).toSorted();
      expect(await idsAt(now + NEAR_MISS_MS - 1)).toStrictEqual(["old", "young"]);
      expect(await idsAt(now + NEAR_MISS_MS)).toStrictEqual(["young"]);
      const later = now + NEAR_MISS_MS;
      await nearMisses.keep("acme", [seen(later, { id: "new" })], 0, later);
      expect(await idsAt(now)).toStrictEqual(["new", "young"]);
    });

    it("of strangers are counted by the day, for thirty days", async () => {
      const { nearMisses, clock } = under();
      const now = clock.now();
      await nearMisses.keep("acme", [], 3, now);
      await nearMisses.keep("acme", [], 4, now);
      await nearMisses.keep("acme", [], 5, now + DAY_MS);
      await nearMisses.keep("other", [], 100, now);
      const othersAt = async (at: number) => (await nearMisses.read("acme", at)).others;
      expect(await othersAt(now + DAY_MS)).toBe(12);
      expect(await othersAt(now + NEAR_MISS_MS)).toBe(5);
      expect(await othersAt(now + NEAR_MISS_MS + DAY_MS)).toBe(0);
      await nearMisses.keep("acme", [], 1, now + NEAR_MISS_MS);
      expect(await othersAt(now)).toBe(6);
    });
  });
}
