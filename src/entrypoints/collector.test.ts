import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { TestClock } from "../../test/support/test-clock.ts";
import { openSqlite, type UpkeepStore } from "../../test/support/upkeep-store.ts";
import type { SweepKind } from "../usecases/store-records.ts";
import { startCollector } from "./collector.ts";

let store: UpkeepStore;
let clock: TestClock;
const lines: unknown[] = [];
const counted: [SweepKind, number][] = [];
beforeEach(async () => {
  clock = new TestClock();
  store = await openSqlite(clock);
  lines.length = 0;
  counted.length = 0;
  vi.useFakeTimers();
});
afterEach(async () => {
  vi.useRealTimers();
  await store.close();
});

const aSweeper = (sweep: (kind: SweepKind) => Promise<number>) => ({ sweep });
function start(seconds: number, sweep: (kind: SweepKind) => Promise<number>) {
  return startCollector(
    {
      directory: store.directory,
      sweeper: aSweeper(sweep),
      clock,
      log: (level, message, fields) => lines.push({ level, message, ...fields }),
      metrics: { collected: (kind, records) => counted.push([kind, records]) },
    },
    seconds,
  );
}

const found = async (kind: SweepKind) => (kind === "expired marks" ? 3 : 0);
const LINE = { level: "info", message: "collected", "expired marks": 3, finished: true };

it("collects within one and a half times its interval, again and again, and tells of it", async () => {
  const collector = start(300, found);
  await vi.advanceTimersByTimeAsync(149_000);
  expect(lines).toEqual([]);
  await vi.advanceTimersByTimeAsync(301_000);
  expect(lines[0]).toEqual(LINE);
  expect(counted).toContainEqual(["expired marks", 3]);
  await vi.advanceTimersByTimeAsync(450_000);
  expect(lines.length).toBeGreaterThan(1);
  await collector.stop();
  const before = lines.length;
  await vi.advanceTimersByTimeAsync(1_000_000);
  expect(lines).toHaveLength(before);
});

it("never starts with 0", async () => {
  const collector = start(0, found);
  await vi.advanceTimersByTimeAsync(10_000_000);
  expect(lines).toEqual([]);
  await collector.stop();
});

it("is silent while another collects", async () => {
  await store.directory.acquireLease("collector", "another", 86_400);
  const collector = start(1, found);
  await vi.advanceTimersByTimeAsync(5000);
  expect(lines).toEqual([]);
  await collector.stop();
});

it("goes on after a run that failed", async () => {
  let runs = 0;
  const collector = start(1, async () => {
    runs += 1;
    throw new Error("the store is gone");
  });
  await vi.advanceTimersByTimeAsync(5000);
  expect(runs).toBeGreaterThan(1);
  expect(lines[0]).toEqual({ level: "warn", message: "not collected", fault: "Error: the store is gone" });
  await collector.stop();
});

it("waits at a stop for the batch that is under way, and for no other", async () => {
  const batch = Promise.withResolvers<number>();
  let batches = 0;
  const collector = start(1, () => {
    batches += 1;
    return batch.promise;
  });
  await vi.advanceTimersByTimeAsync(1500);
  expect(batches).toBe(1);
  let stopped = false;
  const stopping = collector.stop().then(() => {
    stopped = true;
  });
  await vi.advanceTimersByTimeAsync(1000);
  expect(stopped).toBe(false);
  batch.resolve(0);
  await stopping;
  expect(batches).toBe(1);
});
