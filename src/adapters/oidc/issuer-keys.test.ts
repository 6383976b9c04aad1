import { describe, expect, it } from "vitest";
import type { IssuerFault } from "../../../test/support/issuer-faults.ts";
import { issuerOfTest } from "../../../test/support/issuer-of-test.ts";
import { createGuardedFetch } from "./guarded-fetch.ts";
import { COOL_DOWN_MS, IssuerKeys } from "./issuer-keys.ts";
import type { KeyEvent } from "./key-event.ts";
import { createKeyLoader } from "./key-loader.ts";
import type { KeySet } from "./key-set.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The keys of an issuer that says one hour, by a clock that stands still until it is moved. */
async function start(deadlineMs?: number) {
  const issuer = await issuerOfTest();
  issuer.cacheControl = "max-age=3600";
  const time = { now: Date.now() };
  const events: KeyEvent[] = [];
  let onEvent: (() => void) | undefined;
  const report = (event: KeyEvent) => {
    events.push(event);
    onEvent?.();
  };
  const clock = { now: () => time.now, waitUntil: async () => undefined };
  const load = createKeyLoader(createGuardedFetch(), report, deadlineMs);
  const keys = new IssuerKeys(issuer.issuer(), { clock, load, report });
  const nextEvent = () => new Promise<void>((resolve) => (onEvent = resolve));
  return { issuer, keys, time, events, nextEvent };
}

/** The ids of the issuer's first two keys that a set holds. */
function idsOf(keys: KeySet | undefined): readonly string[] | undefined {
  return (
    keys && ["key-1", "key-2"].filter((keyId) => keys.candidates({ algorithm: "ES256", keyId }).length > 0)
  );
}

function kindsOf(events: readonly KeyEvent[]): readonly string[] {
  return events.map(({ kind }) => kind);
}

describe("the lifetime", () => {
  it("keeps keys until it is over, and fetches once then", async () => {
    const { issuer, keys, time } = await start();
    await keys.current();
    time.now += HOUR - 1;
    await keys.current();
    expect(issuer.requests.jwks).toBe(1);
    time.now += 1;
    await Promise.all([keys.current(), keys.current()]);
    expect(issuer.requests.jwks).toBe(2);
  });

  // attack 29
  it("of a key that its issuer removed ends within an hour, whatever the issuer said", async () => {
    const { issuer, keys, time } = await start();
    issuer.cacheControl = "max-age=86400";
    await keys.current();
    await issuer.rotate();
    time.now += HOUR - 1;
    expect(idsOf(await keys.current())).toEqual(["key-1"]);
    time.now += 1;
    expect(idsOf(await keys.current())).toEqual(["key-2"]);
  });

  it("counts from the begin of the fetch", async () => {
    const { issuer, keys, time } = await start();
    issuer.onRequest = () => {
      time.now += MINUTE;
    };
    await keys.current();
    issuer.onRequest = undefined;
    time.now += HOUR - 2 * MINUTE;
    await keys.current();
    expect(issuer.requests.jwks).toBe(2);
  });

  it("is over when the clock was set back past the fetch", async () => {
    const { issuer, keys, time } = await start();
    await keys.current();
    time.now -= 1;
    await keys.current();
    expect(issuer.requests.jwks).toBe(2);
  });
});

describe("an outage", () => {
  const FAULTS: readonly IssuerFault[] = ["down", "error", "html", "empty", "huge", "bomb", "redirect"];

  // attack 31, 32
  it.each(
    FAULTS.flatMap((fault) => [
      { fault, which: "discovery" as const },
      { fault, which: "jwks" as const },
    ]),
  )("with $which $fault leaves the last good keys in service, and says so", async ({ fault, which }) => {
    const { issuer, keys, time, events } = await start();
    await keys.current();
    issuer.faults[which] = fault;
    time.now += HOUR;
    expect(idsOf(await keys.current())).toEqual(["key-1"]);
    expect(kindsOf(events)).toEqual(["keys_fetched", "key_fetch_failed", "stale_keys_serving"]);
    expect(events.at(-1)).toEqual({ kind: "stale_keys_serving", issuer: issuer.url, ageSeconds: 3600 });
  });

  it.each([
    { change: "an empty set", publishes: false, extraKeys: [], reason: "no_usable_keys" },
    {
      change: "nothing of use",
      publishes: false,
      extraKeys: [{ kty: "oct", k: "AA" }],
      reason: "no_usable_keys",
    },
    { change: "too many", publishes: true, extraKeys: new Array(100).fill({}), reason: "too_many_keys" },
  ])(
    "in which the key set is $change leaves the last good keys",
    async ({ publishes, extraKeys, reason }) => {
      const { issuer, keys, time, events } = await start();
      await keys.current();
      issuer.publishes = publishes;
      issuer.extraKeys = extraKeys;
      time.now += HOUR;
      expect(idsOf(await keys.current())).toEqual(["key-1"]);
      expect(events).toContainEqual({
        kind: "key_fetch_failed",
        issuer: issuer.url,
        reason,
        code: undefined,
      });
    },
  );

  // attack 31
  it("leaves the last good keys for 24 h after their fetch, and no longer", async () => {
    const { issuer, keys, time } = await start();
    await keys.current();
    issuer.faults.discovery = "down";
    time.now += DAY - 1;
    expect(idsOf(await keys.current())).toEqual(["key-1"]);
    time.now += 1;
    expect(await keys.current()).toBeUndefined();
    time.now += COOL_DOWN_MS;
    expect(await keys.current()).toBeUndefined();
    issuer.faults.discovery = undefined;
    time.now += COOL_DOWN_MS;
    expect(idsOf(await keys.current())).toEqual(["key-1"]);
  });

  it("is asked about once a cool-down", async () => {
    const { issuer, keys, time } = await start();
    await keys.current();
    issuer.faults.discovery = "error";
    time.now += HOUR;
    for (let count = 0; count < 100; count += 1) await keys.current();
    expect(issuer.requests.discovery).toBe(2);
    time.now += COOL_DOWN_MS - 1;
    await keys.current();
    expect(issuer.requests.discovery).toBe(2);
  });

  it("that hangs makes one caller wait, and none while it is known", async () => {
    const { issuer, keys, time, events, nextEvent } = await start(150);
    await keys.current();
    issuer.faults.discovery = "slow";
    time.now += HOUR;
    await keys.current();
    expect(kindsOf(events)).toEqual(["keys_fetched", "key_fetch_failed", "stale_keys_serving"]);
    time.now += COOL_DOWN_MS;
    const failed = nextEvent();
    expect(idsOf(await keys.current())).toEqual(["key-1"]);
    expect(events).toHaveLength(3);
    await failed;
    expect(events[3]).toMatchObject({ kind: "key_fetch_failed", reason: "timed_out" });
  });

  it("that nobody has asked about for a minute may be over: the next caller waits for the answer", async () => {
    const { issuer, keys, time } = await start();
    await keys.current();
    issuer.faults.discovery = "down";
    time.now += HOUR;
    await keys.current();
    issuer.faults.discovery = undefined;
    await issuer.rotate();
    time.now += 2 * COOL_DOWN_MS;
    expect(idsOf(await keys.current())).toEqual(["key-2"]);
  });

  it("does not end the service of good keys when the clock is set back", async () => {
    const { issuer, keys, time } = await start();
    await keys.current();
    issuer.faults.discovery = "down";
    time.now -= 1;
    expect(idsOf(await keys.current())).toEqual(["key-1"]);
  });
});

describe("newerThan", () => {
  it("gives the keys that came since, without a fetch", async () => {
    const { issuer, keys, time } = await start();
    const seen = await keys.current();
    time.now += HOUR;
    await issuer.rotate();
    const current = await keys.current();
    expect(seen && (await keys.newerThan(seen))).toBe(current);
    expect(issuer.requests.jwks).toBe(2);
  });

  it("claims the cool-down before the fetch: one that fails is not tried again within it", async () => {
    const { issuer, keys, time } = await start();
    const seen = await keys.current();
    if (seen === undefined) throw new Error("no keys");
    issuer.faults.discovery = "down";
    expect(await keys.newerThan(seen)).toBeUndefined();
    issuer.faults.discovery = undefined;
    time.now += COOL_DOWN_MS - 1;
    expect(await keys.newerThan(seen)).toBeUndefined();
    expect(issuer.requests.discovery).toBe(2);
    time.now += 1;
    expect(idsOf(await keys.newerThan(seen))).toEqual(["key-1"]);
    expect(issuer.requests.discovery).toBe(3);
  });

  it("says nothing of stale keys while those that serve are fresh", async () => {
    const { issuer, keys, events } = await start();
    const seen = await keys.current();
    issuer.faults.discovery = "down";
    if (seen) await keys.newerThan(seen);
    expect(kindsOf(events)).toEqual(["keys_fetched", "key_fetch_failed"]);
  });
});

it("throws a bug on, and begins anew for the next caller", async () => {
  const { issuer } = await start();
  const clock = { now: () => 0, waitUntil: async () => undefined };
  let calls = 0;
  const broken = () => {
    calls += 1;
    return Promise.reject(new TypeError("a bug"));
  };
  const keys = new IssuerKeys(issuer.issuer(), { clock, load: broken, report: () => undefined });
  await expect(keys.current()).rejects.toThrow(TypeError);
  await expect(keys.current()).rejects.toThrow(TypeError);
  expect(calls).toBe(2);
});
