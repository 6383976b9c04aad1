import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { systemClock } from "./system-clock.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_700_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

it("tells the machine's time in milliseconds", () => {
  expect(systemClock.now()).toBe(1_700_000_000_000);
});

it.each([
  ["a moment ahead", 250, 250],
  ["now", 0, 0],
  ["a moment that is gone", -5000, 0],
])("waits until %s", async (_, ahead, expected) => {
  let resolved = false;
  void systemClock.waitUntil(Date.now() + ahead).then(() => {
    resolved = true;
  });
  if (expected > 0) {
    await vi.advanceTimersByTimeAsync(expected - 1);
    expect(resolved).toBe(false);
  }
  await vi.advanceTimersByTimeAsync(expected > 0 ? 1 : 0);
  expect(resolved).toBe(true);
});
