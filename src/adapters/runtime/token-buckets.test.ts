import { describe, expect, it } from "vitest";
import { bytesKept, REQUEST_BYTES } from "../../../test/support/bytes-kept.ts";
import { TestClock } from "../../../test/support/test-clock.ts";
import { TokenBuckets } from "./token-buckets.ts";

function start(perSecond: number, burst: number, maxKeys?: number) {
  const clock = new TestClock(1_700_000_000_000);
  const buckets = new TokenBuckets({ perSecond, burst }, clock, maxKeys);
  const takes = (key: string, count: number) => Array.from({ length: count }, () => buckets.take(key));
  return { clock, buckets, takes };
}

describe("take", () => {
  it("gives a burst at once, and then says when the next one is there", () => {
    const { takes } = start(0.5, 3);
    expect(takes("a", 5)).toEqual([0, 0, 0, 2, 2]);
  });

  it("gives as much as time brings, and no more than a burst", () => {
    const { clock, takes } = start(2, 3);
    takes("a", 3);
    clock.advance(499);
    expect(takes("a", 1)).toEqual([1]);
    clock.advance(1);
    expect(takes("a", 2)).toEqual([0, 1]);
    clock.advance(3_600_000);
    expect(takes("a", 4)).toEqual([0, 0, 0, 1]);
  });

  it("says whole seconds, rounded up: whoever waits so long is not refused", () => {
    const { clock, takes } = start(0.3, 1);
    expect(takes("a", 2)).toEqual([0, 4]);
    clock.advance(4000);
    expect(takes("a", 1)).toEqual([0]);
  });

  it("keeps keys apart", () => {
    const { takes } = start(1, 1);
    expect([takes("a", 2), takes("b", 2)]).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  it("gives nothing for a clock that is set back, and goes on from there", () => {
    const { clock, takes } = start(1, 1);
    takes("a", 1);
    clock.advance(-60_000);
    expect(takes("a", 1)).toEqual([1]);
    clock.advance(1000);
    expect(takes("a", 1)).toEqual([0]);
  });
});

describe("wait", () => {
  it("says what take would, and takes nothing", () => {
    const { clock, buckets } = start(0.5, 1);
    expect([buckets.wait("a"), buckets.take("a"), buckets.wait("a"), buckets.wait("a")]).toEqual([
      0, 0, 2, 2,
    ]);
    clock.advance(1000);
    expect(buckets.wait("a")).toBe(1);
    clock.advance(1000);
    expect([buckets.wait("a"), buckets.wait("b")]).toEqual([0, 0]);
  });
});

describe("charge", () => {
  it("goes into debt, by one burst at the most", () => {
    const { clock, buckets } = start(1, 2);
    for (let count = 0; count < 3; count += 1) buckets.charge("a");
    expect(buckets.wait("a")).toBe(2);
    for (let count = 0; count < 100; count += 1) buckets.charge("a");
    expect(buckets.wait("a")).toBe(3);
    clock.advance(3000);
    expect(buckets.take("a")).toBe(0);
  });
});

// attack 88
it("forgets the key that was used the longest ago, and keeps no more than it may", () => {
  const { buckets, takes } = start(1, 1, 3);
  for (const key of ["a", "b", "c", "a", "d"]) buckets.take(key);
  // `b` went for `d`; `a` was used after it.
  expect([buckets.wait("a"), buckets.wait("b"), buckets.wait("c"), buckets.wait("d")]).toEqual([1, 0, 1, 1]);
  for (let at = 0; at < 10_000; at += 1) buckets.take(`key-${at}`);
  expect(takes("a", 1)).toEqual([0]);
});

it("keeps nothing of the requests that its keys were cut from", () => {
  const { buckets } = start(1, 3);
  const takeTwice = (held: TokenBuckets, key: string) => {
    held.take(key);
    held.take(key);
  };
  expect(bytesKept(buckets, takeTwice)).toBeLessThan(REQUEST_BYTES / 10);
});
