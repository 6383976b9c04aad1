import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { DeposedPrimary } from "./deposed-primary.ts";

const [OLD, NEW, NEWEST] = ["10.0.0.1:6379", "10.0.0.2:6379", "10.0.0.3:6379"];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => vi.useRealTimers());

const isRefused = (deposed: DeposedPrimary, address: string) => {
  try {
    return deposed.refuse(address) !== null;
  } catch {
    return true;
  }
};

it("refuses the primary that was replaced, and no other", () => {
  const deposed = new DeposedPrimary();
  expect(isRefused(deposed, OLD)).toBe(false);
  deposed.replaced(OLD, NEW);
  expect([OLD, NEW].map((address) => isRefused(deposed, address))).toEqual([true, false]);
});

it("refuses all that were replaced, whichever Sentinel tells of it late", () => {
  const deposed = new DeposedPrimary();
  deposed.replaced(OLD, NEW);
  deposed.replaced(NEW, NEWEST);
  // By one that has not heard of the first.
  deposed.replaced(OLD, NEWEST);
  expect([OLD, NEW, NEWEST].map((address) => isRefused(deposed, address))).toEqual([true, true, false]);
});

it("takes it again when the one that replaced it was replaced", () => {
  const deposed = new DeposedPrimary();
  deposed.replaced(OLD, NEW);
  deposed.replaced(NEW, OLD);
  expect([OLD, NEW].map((address) => isRefused(deposed, address))).toEqual([false, true]);
});

it("takes it again after a minute, in which a switch back may not have been heard", () => {
  const deposed = new DeposedPrimary();
  deposed.replaced(OLD, NEW);
  vi.advanceTimersByTime(59_999);
  expect(isRefused(deposed, OLD)).toBe(true);
  vi.advanceTimersByTime(1);
  expect(isRefused(deposed, OLD)).toBe(false);
});
