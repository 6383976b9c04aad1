import { afterEach, beforeEach, expect, it } from "vitest";
import {
  aPinnedRobot,
  BackupWorld,
  contents,
  EVENT,
  PINNED,
  TOKEN_HASH,
} from "../../../test/support/backup-world.ts";
import { aCredential, anIssuer, aRedemption, aRegistry, aRobot } from "../../../test/support/baseline.ts";
import { TestClock } from "../../../test/support/test-clock.ts";
import { describeOnUpkeepStores, type UpkeepStore } from "../../../test/support/upkeep-store.ts";
import type { Backup } from "./backup-format.ts";

async function nonces({ directory }: UpkeepStore): Promise<readonly (string | undefined)[]> {
  const records = await directory.readNamespace("acme");
  const { issuers } = await directory.readSystem();
  return [
    records?.namespace.nonce,
    ...(records?.robots ?? []).flatMap(({ nonce, uid, rules }) => [
      nonce,
      uid,
      ...rules.map((rule) => rule.nonce),
    ]),
    ...issuers.map(({ nonce }) => nonce),
  ];
}

describeOnUpkeepStores("restore", (open) => {
  let clock: TestClock;
  let world: BackupWorld;
  let backup: Backup;
  const opened: UpkeepStore[] = [];
  const openStore = async () => {
    const store = await open(clock);
    opened.push(store);
    return store;
  };
  beforeEach(async () => {
    clock = new TestClock();
    world = new BackupWorld(await openStore(), clock);
    await world.fill();
    backup = await world.backup();
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
  });

  it("fills an empty store, of any kind, without tokens that nobody knows to be alive", async () => {
    const empty = await openStore();
    expect(await world.restore(backup, { replace: false }, empty)).toEqual({
      ok: true,
      value: {
        namespaces: 1,
        robots: 2,
        robotTokensLost: ["acme+builder"],
        robotTokensRevived: 0,
        keysKept: [],
        apiTokensLost: 1,
        apiTokensRevived: 0,
        apiTokensRemoved: 0,
      },
    });
    const before = await contents(world.store);
    const robots = before.namespaces[0]?.robots.map(({ token, ...robot }) => ({
      ...robot,
      ...(token && { lastTokenNumber: token.number }),
    }));
    expect(await contents(empty)).toEqual({
      ...before,
      namespaces: [{ ...before.namespaces[0], robots }],
      apiTokens: [],
    });
    expect(await empty.directory.listDeclarationStates()).toEqual(
      new Map([
        ["file", { digest: "", revision: 7 }],
        ["apply:platform", { digest: "", revision: 5 }],
      ]),
    );
    expect(await empty.directory.readRestoreState()).toBeUndefined();
  });

  it("brings tokens back with withTokens, and counts them", async () => {
    const empty = await openStore();
    const options = { replace: false, withTokens: true };
    expect(await world.restore(backup, options, empty)).toMatchObject({
      ok: true,
      value: { robotTokensLost: [], robotTokensRevived: 1, apiTokensLost: 0, apiTokensRevived: 1 },
    });
    expect(await contents(empty)).toEqual(await contents(world.store));
  });

  it("does not bring back an API token that has expired", async () => {
    const empty = await openStore();
    clock.advance(3_600_000);
    expect(await world.restore(backup, { withTokens: true }, empty)).toMatchObject({
      value: { apiTokensLost: 0, apiTokensRevived: 0 },
    });
    expect(await empty.apiTokens.list()).toEqual([]);
  });

  it("forgets the declarations of a store whose backup has none", async () => {
    await world.restore({ ...backup, declarations: [] });
    expect(await world.store.directory.listDeclarationStates()).toEqual(
      new Map(["file", "apply:platform"].map((series) => [series, { digest: "", revision: 0 }])),
    );
  });

  it("takes a declaration that names no series for the server's own file", async () => {
    const empty = await openStore();
    await world.restore({ ...backup, declarations: [{ digest: "d1".repeat(32), revision: 3 }] }, {}, empty);
    expect(await empty.directory.listDeclarationStates()).toEqual(
      new Map([["file", { digest: "", revision: 3 }]]),
    );
  });

  it("undoes what was written since, and keeps what still lives", async () => {
    const { directory, apiTokens } = world.store;
    const before = await contents(world.store);
    await directory.commitSystem({
      fromRevision: 1,
      putIssuers: [anIssuer({ url: "https://other.example.com" }), anIssuer({ enabled: false })],
      removeIssuers: [],
      putRegistries: [aRegistry({ service: "other.example.com" })],
      removeRegistries: ["registry.example.com"],
      event: EVENT,
    });
    await world.putRobots([aPinnedRobot({ description: "changed" }), aRobot({ name: "acme+newer" })]);
    await world.putNamespace("newer");
    await apiTokens.add(world.anApiToken("6f".repeat(32)), EVENT);
    expect(await world.restore(backup)).toMatchObject({
      ok: true,
      value: { robotTokensLost: [], robotTokensRevived: 0, apiTokensLost: 0, apiTokensRemoved: 1 },
    });
    expect(await contents(world.store)).toEqual({ ...before, reservations: ["gone", "newer"] });
  });

  it("draws every nonce and uid anew", async () => {
    const before = await nonces(world.store);
    await world.restore(backup);
    const after = await nonces(world.store);
    expect(after).toHaveLength(before.length);
    expect(new Set([...before, ...after]).size).toBe(new Set(before).size + after.length);
  });

  it("ends each credential, and refuses each identity token of before", async () => {
    const { ledger } = world.store;
    const seconds = clock.seconds() + 5;
    const redemption = aRedemption(clock.now(), { tokenIssuedAt: seconds });
    expect(await ledger.redeem(redemption)).toEqual({ kind: "minted" });
    await world.restore(backup);
    expect(await ledger.findCredential(redemption.credential.id)).toMatchObject({ epochStands: false });
    const older = aRedemption(clock.now(), {
      tokenIssuedAt: clock.seconds() - 1,
      replayKey: "08".repeat(32),
      credential: aCredential(clock.seconds(), { hash: "cd".repeat(32) }),
    });
    expect(await ledger.redeem(older)).toEqual({ kind: "predates_epoch" });
  });

  it("does not revive a robot token that was regenerated, nor an API token that was revoked", async () => {
    const { directory, apiTokens } = world.store;
    const token = { hash: "2b".repeat(32), number: 4, createdAt: clock.seconds(), declared: false };
    await world.putRobots([aPinnedRobot({ token })]);
    await apiTokens.remove(world.anApiToken().id, EVENT);
    expect(await world.restore(backup)).toMatchObject({
      ok: true,
      value: { robotTokensLost: ["acme+builder"], apiTokensLost: 1, apiTokensRemoved: 0 },
    });
    expect((await directory.findAccount("acme+builder"))?.robot).not.toHaveProperty("token");
    expect(await apiTokens.list()).toEqual([]);
    // Nor the one that it had in between.
    expect(JSON.stringify(await world.lines())).not.toMatch(new RegExp(`${TOKEN_HASH}|${token.hash}`));
  });

  it("puts the ids of first matches back in place of those that came since", async () => {
    const { directory } = world.store;
    await world.removeNamespace("acme");
    await world.putRobots([aPinnedRobot()]);
    const pin = { robot: "acme+builder", robotUid: "robot-uid", ruleId: "rule-1", event: EVENT } as const;
    await directory.pinIdentity({ ...pin, ids: { repository_owner_id: "666" } });
    await world.restore(backup);
    expect((await directory.readNamespace("acme"))?.pins).toEqual({ "acme+builder": { "rule-1": PINNED } });
  });

  it("makes a namespace again that was removed since, and reserves a name that was released", async () => {
    const { directory } = world.store;
    await world.removeNamespace("acme");
    await directory.releaseName("gone", EVENT);
    await world.restore(backup);
    expect((await directory.listNamespaces()).map(({ name }) => name)).toEqual(["acme"]);
    expect((await directory.listReservations()).map(({ name }) => name)).toEqual(["gone"]);
  });

  it("leaves a name to the namespace that the backup has of it, whatever it has reserved", async () => {
    const both: Backup = { ...backup, reservations: [{ name: "acme", since: 0 }] };
    await world.restore(both);
    expect((await world.store.directory.listNamespaces()).map(({ name }) => name)).toEqual(["acme"]);
  });

  it("keeps a key that was rotated since, and tells its name", async () => {
    const { directory } = world.store;
    const request = { series: { use: "kid" }, name: "kid-1", status: "active", createdAt: 0 } as const;
    await directory.addKey(await world.maker.make(request));
    expect(await world.restore(backup)).toMatchObject({ value: { keysKept: ["kid-1"] } });
    expect((await directory.readKeys()).map(({ name }) => name).toSorted()).toEqual(["ca-1", "kid-1"]);
    expect(await world.events("keys.changed")).toEqual(["key ca-1: new CA"]);
  });

  it("puts the backup's CA in place of the one that a store has made that began anew", async () => {
    const fresh = new BackupWorld(await openStore(), clock);
    await fresh.fill();
    const [ca] = await fresh.store.directory.readKeys();
    if (ca === undefined) throw new Error("there is a CA");
    const series = { use: "x5c", ca } as const;
    const leaf = { series, name: "x5c-1-1", status: "active", createdAt: clock.seconds() } as const;
    await fresh.store.directory.addKey(await fresh.maker.make(leaf));
    await world.restore(backup, {}, fresh.store);
    expect(await fresh.store.directory.readKeys()).toEqual(backup.keys);
    expect((await fresh.events("keys.changed"))[0]).toBe("key x5c-1-1: removed, key ca-1: restored");
  });

  it("leaves an event for each commit, and one for the whole", async () => {
    const empty = new BackupWorld(await openStore(), clock);
    await world.restore(backup, {}, empty.store);
    const [event] = await empty.store.ledger.readEvents(1);
    expect(event).toMatchObject({
      kind: "store.restored",
      requestId: "restore-1",
      actor: "operator",
      detail: `backup of ${backup.header.madeAt}, SHA-256 ${backup.sha256}`,
    });
    expect(await empty.events("epoch.started")).toHaveLength(1);
  });

  it("ends what an earlier run of the same backup has begun, without being told to replace", async () => {
    await world.store.directory.writeRestoreState({ backup: backup.sha256, startedAt: 1 });
    expect(await world.restore(backup, { replace: false })).toMatchObject({ ok: true });
    expect(await world.store.directory.readRestoreState()).toBeUndefined();
  });
});
