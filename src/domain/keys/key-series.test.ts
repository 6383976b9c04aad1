import { describe, expect, it } from "vitest";
import {
  activeKey,
  CA_SERIES,
  dueKey,
  isExpired,
  isPublished,
  isSpent,
  type KeySeries,
  KID_SERIES,
  keysOf,
  nextKey,
} from "./key-series.ts";
import type { KeyUse, StoredKey } from "./stored-key.ts";

const NOW = 1_800_000_000;
const DAY = 24 * 3600;

function aKey(name: string, change: Partial<StoredKey> = {}): StoredKey {
  return {
    name,
    use: name.split("-", 1)[0] as KeyUse,
    status: "active",
    createdAt: NOW,
    publicJwk: {},
    encryptedPrivateKey: { keyId: "main", iv: "", ciphertext: "" },
    ...change,
  };
}

const CA = aKey("ca-2", { notAfter: NOW + 3650 * DAY });
const LEAVES: KeySeries = { use: "x5c", ca: CA };

describe("a key series", () => {
  const keys = [
    "kid-10",
    "kid-9",
    "kid-x",
    "kid-",
    "kid-01",
    "x5c-2-1",
    "x5c-1-3",
    "ca-2",
    "pinned-zot-1",
  ].map((name) => aKey(name));
  keys.push(aKey("pinned-kid-1"), aKey("pinned-a-1-4"), aKey("pinned-a-7"));

  it.each<{ series: KeySeries; names: string[] }>([
    { series: CA_SERIES, names: ["ca-2"] },
    { series: KID_SERIES, names: ["kid-9", "kid-10"] },
    { series: LEAVES, names: ["x5c-2-1"] },
    { series: { use: "x5c", ca: aKey("ca-1") }, names: ["x5c-1-3"] },
    { series: { use: "pinned", registry: "zot" }, names: ["pinned-zot-1"] },
    { series: { use: "pinned", registry: "a" }, names: ["pinned-a-7"] },
    { series: { use: "pinned", registry: "a-1" }, names: ["pinned-a-1-4"] },
  ])("has its own keys, by number: $names", ({ series, names }) => {
    expect(keysOf(keys, series).map((key) => key.name)).toEqual(names);
  });

  it("goes on after its highest number, retired ones counted", () => {
    expect(nextKey([], KID_SERIES, "active", NOW)).toEqual({
      series: KID_SERIES,
      name: "kid-1",
      status: "active",
      createdAt: NOW,
    });
    const retired = [aKey("kid-9"), aKey("kid-10", { status: "retired" })];
    expect(nextKey(retired, KID_SERIES, "published", NOW)).toMatchObject({
      name: "kid-11",
      status: "published",
    });
    expect(nextKey([CA], LEAVES, "active", NOW).name).toBe("x5c-2-1");
  });

  it("signs with its newest active key", () => {
    const rotating = [aKey("kid-1"), aKey("kid-2"), aKey("kid-3", { status: "published" })];
    expect(activeKey(rotating, KID_SERIES)?.name).toBe("kid-2");
    expect(activeKey([aKey("kid-3", { status: "published" })], KID_SERIES)).toBeUndefined();
  });
});

describe("a key that is due", () => {
  it.each([
    { because: "there is none", keys: [], series: KID_SERIES, due: "kid-1" },
    {
      because: "none is active",
      keys: [aKey("kid-1", { status: "retired" })],
      series: KID_SERIES,
      due: "kid-2",
    },
    { because: "there is one", keys: [aKey("kid-1")], series: KID_SERIES, due: undefined },
    {
      because: "the leaf has a day left",
      keys: [aKey("x5c-2-1", { notAfter: NOW + DAY })],
      series: LEAVES,
      due: undefined,
    },
    {
      because: "the leaf has less than a day left",
      keys: [aKey("x5c-2-1", { notAfter: NOW + DAY - 1 })],
      series: LEAVES,
      due: "x5c-2-2",
    },
    {
      because: "the leaf is of another CA",
      keys: [aKey("x5c-1-1", { notAfter: NOW + 9 * DAY })],
      series: LEAVES,
      due: "x5c-2-1",
    },
    {
      because: "the leaf ends with its CA",
      keys: [aKey("x5c-2-1", { notAfter: NOW + 60 })],
      series: { use: "x5c", ca: aKey("ca-2", { notAfter: NOW + 60 }) } as const,
      due: undefined,
    },
    {
      because: "a pinned certificate is not renewed by itself",
      keys: [aKey("pinned-zot-1", { notAfter: NOW - 1 })],
      series: { use: "pinned", registry: "zot" } as const,
      due: undefined,
    },
  ])("$due, since $because", ({ keys, series, due }) => {
    expect(dueKey(keys, series, NOW)?.name).toBe(due);
  });

  it("is to sign at once", () => {
    expect(dueKey([], KID_SERIES, NOW)?.status).toBe("active");
  });
});

describe("the end of a key", () => {
  it.each([
    { key: aKey("kid-1"), published: true, spent: false, expired: false },
    { key: aKey("kid-1", { retiredAt: NOW - 3599 }), published: true, spent: false, expired: false },
    { key: aKey("kid-1", { retiredAt: NOW - 3600 }), published: false, spent: true, expired: false },
    { key: aKey("x5c-2-1", { notAfter: NOW + 1 }), published: true, spent: false, expired: false },
    { key: aKey("x5c-2-1", { notAfter: NOW }), published: true, spent: true, expired: true },
    { key: aKey("ca-2", { notAfter: NOW }), published: true, spent: false, expired: true },
    { key: aKey("pinned-zot-1", { notAfter: NOW }), published: true, spent: false, expired: true },
  ])("$key.name, retired at $key.retiredAt, not after $key.notAfter", ({ key, ...expected }) => {
    expect({
      published: isPublished(key, NOW),
      spent: isSpent(key, NOW),
      expired: isExpired(key, NOW),
    }).toEqual(expected);
  });
});
