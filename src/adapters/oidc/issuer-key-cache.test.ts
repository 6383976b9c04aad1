import { expect, it } from "vitest";
import { anIssuer } from "../../../test/support/baseline.ts";
import { IssuerKeyCache } from "./issuer-key-cache.ts";
import { IssuerKeys } from "./issuer-keys.ts";

function cacheOf(limit: number): IssuerKeyCache {
  const clock = { now: () => 0, waitUntil: async () => undefined };
  const neverLoads = () => Promise.reject(new Error("not asked for"));
  return new IssuerKeyCache(
    (issuer) => new IssuerKeys(issuer, { clock, load: neverLoads, report: () => undefined }),
    limit,
  );
}

it("keeps the keys of each issuer and nonce apart", () => {
  const cache = cacheOf(10);
  const keys = cache.of(anIssuer());
  expect(cache.of(anIssuer({ maxLifetimeSeconds: 60 }))).toBe(keys);
  expect(cache.of(anIssuer({ nonce: "another" }))).not.toBe(keys);
  expect(cache.of(anIssuer({ url: "https://issuer.example.com/" }))).not.toBe(keys);
});

it("drops the issuer that was not asked for the longest", () => {
  const cache = cacheOf(2);
  const [a, b, c] = ["a", "b", "c"].map((nonce) => anIssuer({ nonce })) as [
    ReturnType<typeof anIssuer>,
    ReturnType<typeof anIssuer>,
    ReturnType<typeof anIssuer>,
  ];
  const [ofA, ofB] = [cache.of(a), cache.of(b)];
  expect(cache.of(a)).toBe(ofA);
  const ofC = cache.of(c);
  expect([cache.of(a) === ofA, cache.of(c) === ofC, cache.of(b) === ofB]).toEqual([true, true, false]);
});
