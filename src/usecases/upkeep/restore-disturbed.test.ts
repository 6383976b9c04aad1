import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aPinnedRobot, BackupWorld, contents, EVENT } from "../../../test/support/backup-world.ts";
import { TestClock } from "../../../test/support/test-clock.ts";
import { openSqlite, type UpkeepStore } from "../../../test/support/upkeep-store.ts";
import type { Backup } from "./backup-format.ts";

/** A directory that does something of its own just before a call of one method. */
function meddled(
  store: UpkeepStore,
  method: string,
  meddle: (call: number) => Promise<unknown>,
): UpkeepStore {
  let calls = 0;
  const directory = new Proxy(store.directory, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      return async (...args: unknown[]) => {
        if (name === method) await meddle(++calls);
        return member.apply(target, args);
      };
    },
  });
  return { ...store, directory };
}

const AGAIN = "stop the servers, and run the same restore again: it is not finished";

describe("a restore that is disturbed", () => {
  let clock: TestClock;
  let world: BackupWorld;
  let backup: Backup;
  beforeEach(async () => {
    clock = new TestClock();
    world = new BackupWorld(await openSqlite(clock), clock);
    await world.fill();
    backup = await world.backup();
  });
  afterEach(() => world.store.close());

  const expectUnfinished = async () =>
    expect(await world.store.directory.readRestoreState()).toMatchObject({ backup: backup.sha256 });

  it("judges the tokens by the records that it replaces", async () => {
    const token = { hash: "2b".repeat(32), number: 4, createdAt: 1, declared: false };
    const regenerate = (call: number) =>
      call === 1 ? world.putRobots([aPinnedRobot({ token })]) : Promise.resolve();
    const store = meddled(world.store, "commitNamespace", regenerate);
    expect(await world.restore(backup, {}, store)).toMatchObject({
      ok: true,
      value: { robotTokensLost: ["acme+builder"] },
    });
  });

  it.each<[string, string, () => Promise<unknown>]>([
    ["a namespace", "commitNamespace", () => world.putRobots([])],
    [
      "issuers",
      "commitSystem",
      async () => {
        const { revision: fromRevision } = await world.store.directory.readSystem();
        const nothing = { putIssuers: [], removeIssuers: [], putRegistries: [], removeRegistries: [] };
        await world.store.directory.commitSystem({ fromRevision, ...nothing, event: EVENT });
      },
    ],
  ])("gives up when others keep writing %s", async (_, method, meddle) => {
    const restored = await world.restore(backup, {}, meddled(world.store, method, meddle));
    expect(restored).toEqual({ ok: false, error: `the records kept changing; ${AGAIN}` });
    await expectUnfinished();
  });

  it("gives up when a first match comes before that of the backup", async () => {
    const pin = async () => {
      const robot = (await world.store.directory.findAccount("acme+builder"))?.robot;
      const ids = { repository_owner_id: "666" };
      const about = { robot: "acme+builder", robotUid: robot?.uid ?? "", ruleId: "rule-1" } as const;
      await world.store.directory.pinIdentity({ ...about, ids, event: EVENT });
    };
    const restored = await world.restore(backup, {}, meddled(world.store, "pinIdentity", pin));
    expect(restored).toEqual({ ok: false, error: `the records kept changing; ${AGAIN}` });
    await expectUnfinished();
  });

  it.each([
    ["of a namespace that goes", 3],
    ["of a name that is reserved", 4],
    ["of a name that is given up again", 5],
  ])("gives up when another takes over before the commit %s", async (_, commits) => {
    await world.putNamespace("newer");
    await world.store.directory.releaseName("gone", EVENT);
    // Lease: taken once, then renewed before each commit: the system's, acme's, and those to come.
    const takeOver = async (call: number) => {
      if (call <= commits) return;
      await world.store.directory.releaseLease("restore", "whoever");
      clock.advance(11_000);
      await world.store.directory.acquireLease("restore", "another", 10);
    };
    const restored = await world.restore(backup, {}, meddled(world.store, "acquireLease", takeOver));
    expect(restored).toEqual({ ok: false, error: `another process took over; ${AGAIN}` });
    await expectUnfinished();
  });

  it("waits for another that restores, and does not wait for ever", async () => {
    await world.store.directory.acquireLease("restore", "another", 10);
    expect(await world.restore(backup)).toMatchObject({ ok: true });
    await world.store.directory.acquireLease("restore", "another", 60);
    const before = await contents(world.store);
    expect(await world.restore(backup)).toEqual({ ok: false, error: "another process restores this store" });
    expect(await contents(world.store)).toEqual(before);
  });
});
