import { afterEach, beforeEach, expect, it } from "vitest";
import { BackupWorld, contents } from "../../../test/support/backup-world.ts";
import { ENCRYPTION } from "../../../test/support/key-world.ts";
import { TestClock } from "../../../test/support/test-clock.ts";
import { describeOnUpkeepStores } from "../../../test/support/upkeep-store.ts";
import type { Backup } from "./backup-format.ts";

const STORE_IS_NOT_EMPTY =
  "the store is not empty: to replace what it has, say --replace; nothing was written";

describeOnUpkeepStores("before it writes, a restore", (open) => {
  let clock: TestClock;
  let world: BackupWorld;
  let backup: Backup;
  beforeEach(async () => {
    clock = new TestClock();
    world = new BackupWorld(await open(clock), clock);
    await world.fill();
    backup = await world.backup();
  });
  afterEach(() => world.store.close());

  const expectNothingWritten = async (before: unknown) => {
    expect(await contents(world.store)).toEqual(before);
    const events = await world.store.ledger.readEvents(200);
    expect(events.filter(({ requestId }) => requestId === "restore-1")).toEqual([]);
  };

  it("refuses a store that has records, unless they may be replaced", async () => {
    const before = await contents(world.store);
    expect(await world.restore(backup, { replace: false })).toEqual({
      ok: false,
      error: STORE_IS_NOT_EMPTY,
    });
    await expectNothingWritten(before);
    expect(await world.store.directory.readRestoreState()).toBeUndefined();
  });

  it("refuses when another was broken off, unless that may be replaced", async () => {
    const before = await contents(world.store);
    const state = { backup: "ab".repeat(32), startedAt: 1 };
    await world.store.directory.writeRestoreState(state);
    expect(await world.restore(backup, { replace: false })).toEqual({
      ok: false,
      error:
        "the restore of another backup was broken off: end it with that file, or say --replace; nothing was written",
    });
    await expectNothingWritten(before);
    expect(await world.store.directory.readRestoreState()).toEqual(state);
    expect(await world.restore(backup, { replace: true })).toMatchObject({ ok: true });
  });

  it.each(["backup", "store"])("refuses when a key of the %s does not open", async (where) => {
    const sealed = new BackupWorld(world.store, clock, [{ ...ENCRYPTION, id: "other" }]);
    const before = await contents(world.store);
    const empty: Backup = { ...backup, keys: [] };
    const mend = {
      backup: "Put that encryption key back",
      store: "Put that encryption key back, or restore into an empty store",
    }[where];
    expect(await sealed.restore(where === "backup" ? backup : empty)).toEqual({
      ok: false,
      error: `in the ${where}, key record "ca-1" is encrypted under the key id "main", which BERTH_ENCRYPTION_KEY does not list. ${mend}; nothing was written`,
    });
    await expectNothingWritten(before);
  });
});
