import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BackupWorld, EVENT } from "../../../test/support/backup-world.ts";
import { aRobot } from "../../../test/support/baseline.ts";
import { TestClock } from "../../../test/support/test-clock.ts";
import { describeOnUpkeepStores, openSqlite, type UpkeepStore } from "../../../test/support/upkeep-store.ts";
import type { Sweeper } from "../ports.ts";
import { SWEEP_KINDS, type SweepKind } from "../store-records.ts";
import { collectGarbage } from "./collect-garbage.ts";

describeOnUpkeepStores("collectGarbage", (open) => {
  let clock: TestClock;
  let world: BackupWorld;
  beforeEach(async () => {
    clock = new TestClock();
    world = new BackupWorld(await open(clock), clock);
  });
  afterEach(() => world.store.close());

  it("removes what has expired, and says how much of what", async () => {
    await world.fill();
    clock.advance(3 * 3_600_000);
    const collected = await collectGarbage({ ...world.store, clock }, { holder: "a" });
    expect(collected).toMatchObject({
      elsewhere: false,
      finished: true,
      removed: { "expired API tokens": 1 },
    });
    expect(await world.store.apiTokens.list()).toEqual([]);
    expect(await world.store.directory.readNamespace("acme")).toMatchObject({ robots: [{}, {}] });
  });

  it("has nothing to remove from what lives, and leaves the lease", async () => {
    await world.fill();
    const before = await world.lines();
    const deps = { ...world.store, clock };
    for (const holder of ["a", "b"]) {
      expect(await collectGarbage(deps, { holder })).toEqual({
        elsewhere: false,
        removed: {},
        finished: true,
      });
    }
    const after = await world.lines();
    expect(after.slice(1, -1)).toEqual(before.slice(1, -1));
  });
});

describe("collectGarbage", () => {
  let clock: TestClock;
  let store: UpkeepStore;
  beforeEach(async () => {
    clock = new TestClock();
    store = await openSqlite(clock);
  });
  afterEach(() => store.close());

  /** A sweeper that finds so many of each kind, and notes what it was asked for. */
  function aSweeper(
    left: Partial<Record<SweepKind, number>>,
    after: (calls: number) => unknown = () => undefined,
  ) {
    const asked: string[] = [];
    const sweeper: Sweeper = {
      sweep: async (kind, limit, now) => {
        expect(now).toBe(clock.now());
        const gone = Math.min(left[kind] ?? 0, limit);
        left[kind] = (left[kind] ?? 0) - gone;
        asked.push(kind);
        await after(asked.length);
        return gone;
      },
    };
    return { deps: { directory: store.directory, clock, sweeper }, asked };
  }

  it("takes a batch of each kind in turn, and one more while a batch is full", async () => {
    const { deps, asked } = aSweeper({ "expired marks": 1200, "near misses": 500 });
    expect(await collectGarbage(deps, { holder: "a" })).toEqual({
      elsewhere: false,
      finished: true,
      removed: { "expired marks": 1200, "near misses": 500 },
    });
    expect(asked).toEqual([...SWEEP_KINDS, "expired marks", "near misses", "expired marks"]);
  });

  it("makes room between two batches", async () => {
    const { deps, asked } = aSweeper({});
    await collectGarbage(deps, { holder: "a" });
    expect(clock.waits).toHaveLength(asked.length);
    expect(new Set(clock.waits).size).toBe(asked.length);
  });

  it("ends with its bound, and the next run goes on", async () => {
    const { deps } = aSweeper({ "expired marks": 700 });
    const bound = { holder: "a", maxBatches: SWEEP_KINDS.length };
    expect(await collectGarbage(deps, bound)).toEqual({
      elsewhere: false,
      finished: false,
      removed: { "expired marks": 500 },
    });
    expect(await collectGarbage(deps, { holder: "b" })).toMatchObject({
      finished: true,
      removed: { "expired marks": 200 },
    });
  });

  it("does nothing while another collects", async () => {
    const { deps, asked } = aSweeper({ "near misses": 1 });
    await store.directory.acquireLease("collector", "another", 60);
    expect(await collectGarbage(deps, { holder: "a" })).toEqual({
      elsewhere: true,
      removed: {},
      finished: false,
    });
    expect(asked).toEqual([]);
    expect(await store.directory.acquireLease("collector", "a", 60)).toBe(false);
  });

  it("stops when another has taken over, and leaves it the lease", async () => {
    const { deps, asked } = aSweeper({ "expired marks": 700 }, async (calls) => {
      if (calls !== 2) return;
      clock.advance(61_000);
      await store.directory.acquireLease("collector", "another", 60);
    });
    // The clock that the sweeper compares with moves after it was asked.
    expect(await collectGarbage(deps, { holder: "a" })).toEqual({
      elsewhere: false,
      finished: false,
      removed: { "expired marks": 500 },
    });
    expect(asked).toHaveLength(2);
    expect(await store.directory.acquireLease("collector", "b", 60)).toBe(false);
  });

  it("stops between two batches when it is told to", async () => {
    const { deps, asked } = aSweeper({ "expired marks": 700 });
    const collected = await collectGarbage(deps, { holder: "a", isStopping: () => asked.length === 3 });
    expect(collected).toMatchObject({ finished: false, removed: { "expired marks": 500 } });
    expect(asked).toHaveLength(3);
  });

  it("gives the lease back when the store fails", async () => {
    const { deps } = aSweeper({}, () => Promise.reject(new Error("broken")));
    await expect(collectGarbage(deps, { holder: "a" })).rejects.toThrow("broken");
    expect(await store.directory.acquireLease("collector", "b", 60)).toBe(true);
  });

  it("removes a namespace's robots in batches", async () => {
    const world = new BackupWorld(store, clock);
    const robots = Array.from({ length: 1001 }, (_, at) =>
      aRobot({ name: `acme+robot-${at}`, uid: `uid-${at}` }),
    );
    await world.putRobots(robots);
    await world.removeNamespace("acme");
    await store.directory.releaseName("acme", EVENT);
    expect(await collectGarbage({ ...store, clock }, { holder: "a" })).toMatchObject({
      finished: true,
      removed: { "robots of removed namespaces": 1001 },
    });
  });
});
