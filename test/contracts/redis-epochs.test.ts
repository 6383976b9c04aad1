import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RedisLedger } from "../../src/adapters/ledger/redis-ledger.ts";
import { connectRedis } from "../../src/adapters/redis/connection.ts";
import { NO_DURABILITY } from "../../src/adapters/redis/options.ts";
import { systemClock } from "../../src/adapters/runtime/system-clock.ts";
import type { Redemption } from "../../src/usecases/store-records.ts";
import { anEvent } from "../support/baseline.ts";
import { describeWith } from "../support/find-server.ts";
import { findRedis, type RedisServer, startRedis } from "../support/redis-server.ts";
import { MINTED, newHash, newRedemption } from "./ledger/redemptions.ts";

const SOON = 60;
/** A replica follows at once, and a server that is started again does not wait for one. */
const QUICK = ["--repl-diskless-sync-delay", "0", "--shutdown-timeout", "0"];
const FOLLOWS = { ...NO_DURABILITY, epochOnFailover: true };

describeWith("redis", findRedis(), "an epoch in Redis", () => {
  const cleanups: (() => unknown)[] = [];
  let primary: RedisServer;
  beforeEach(async () => {
    primary = await start();
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function start(...args: string[]): Promise<RedisServer> {
    const server = await startRedis([...QUICK, ...args]);
    // One that writes its first append-only file takes no SIGTERM.
    cleanups.push(() => server.kill().then(() => server.stop()));
    return server;
  }

  async function ledgerOn({ url }: RedisServer, durability = FOLLOWS): Promise<RedisLedger> {
    const connection = connectRedis({ url, keyPrefix: "berth:", durability });
    cleanups.push(() => connection.close());
    await connection.whenReady(10_000);
    return new RedisLedger(connection);
  }

  /** Of an identity token that is issued `seconds` from now on. */
  const redemption = (seconds: number): Redemption =>
    newRedemption(systemClock, {
      replayKey: newHash(),
      tokenIssuedAt: Math.floor(systemClock.now() / 1000) + seconds,
    });

  async function expectAlive(ledger: RedisLedger, { credential }: Redemption, isAlive: boolean) {
    expect((await ledger.findCredential(credential.id))?.epochStands).toBe(isAlive);
    const { credentials } = await ledger.listCredentials({ now: credential.issuedAt, limit: 10 });
    expect(credentials.map(({ epochStands }) => epochStands)).toStrictEqual([isAlive]);
  }

  async function expectNewEpoch(ledger: RedisLedger, before: Redemption): Promise<void> {
    await expectAlive(ledger, before, false);
    expect(await ledger.redeem(redemption(-1))).toStrictEqual({ kind: "predates_epoch" });
    expect(await ledger.redeem({ ...before, now: systemClock.now() })).toStrictEqual({ kind: "used" });
    const after = redemption(SOON);
    expect(await ledger.redeem(after)).toStrictEqual(MINTED);
    expect((await ledger.findCredential(after.credential.id))?.epochStands).toBe(true);
  }

  it("lasts while the server runs", async () => {
    const ledger = await ledgerOn(primary);
    await ledger.open();
    const sent = redemption(SOON);
    await ledger.redeem(sent);
    await expectAlive(ledger, sent, true);
    await (await ledgerOn(primary)).open();
    await expectAlive(ledger, sent, true);
  });

  describe.each([
    { what: "at the next exchange", opens: false },
    { what: "at the next start", opens: true },
  ])("that follows the replication id ends $what", ({ opens }) => {
    it("after a restart of the server", async () => {
      const ledger = await ledgerOn(primary);
      await ledger.open();
      const sent = redemption(SOON);
      await ledger.redeem(sent);
      await primary.restart();
      const again = await ledgerOn(primary);
      if (opens) await again.open();
      await expectNewEpoch(again, sent);
    });

    it("after a failover", async () => {
      const replica = await start("--replicaof", `127.0.0.1 ${primary.port}`);
      const ledger = await ledgerOn(primary);
      await ledger.open();
      const sent = redemption(SOON);
      await ledger.redeem(sent);
      await promote(replica, sent);
      const promoted = await ledgerOn(replica);
      if (opens) await promoted.open();
      await expectNewEpoch(promoted, sent);
    });
  });

  describe("that follows the replication id, to who has not the setting", () => {
    async function followed(): Promise<{ ledger: RedisLedger; deaf: RedisLedger; sent: Redemption }> {
      const ledger = await ledgerOn(primary);
      await ledger.open();
      const sent = redemption(SOON);
      await ledger.redeem(sent);
      return { ledger, deaf: await ledgerOn(primary, NO_DURABILITY), sent };
    }

    it("lasts as long as to the others", async () => {
      const { ledger, deaf, sent } = await followed();
      await deaf.open();
      await expectAlive(deaf, sent, true);
      const more = redemption(SOON);
      expect(await deaf.redeem(more)).toStrictEqual(MINTED);
      expect((await ledger.findCredential(more.credential.id))?.epochStands).toBe(true);
    });

    it.each([false, true])(
      "ends as it does to the others, and the next follows too (opens: %s)",
      async (opens) => {
        const { sent } = await followed();
        await primary.restart();
        const deaf = await ledgerOn(primary, NO_DURABILITY);
        if (opens) await deaf.open();
        await expectNewEpoch(deaf, sent);
        const next = redemption(SOON);
        await deaf.redeem(next);
        await primary.restart();
        expect(
          (await (await ledgerOn(primary, NO_DURABILITY)).findCredential(next.credential.id))?.epochStands,
        ).toBe(false);
      },
    );

    it("is replaced by a new one that is asked for, which follows nothing", async () => {
      const { deaf, sent } = await followed();
      await deaf.startEpoch(anEvent(0, { kind: "epoch.started" }));
      await expectAlive(deaf, sent, false);
      const after = redemption(SOON);
      expect(await deaf.redeem(after)).toStrictEqual(MINTED);
      await primary.restart();
      const again = await ledgerOn(primary, NO_DURABILITY);
      await again.open();
      expect((await again.findCredential(after.credential.id))?.epochStands).toBe(true);
    });
  });

  it("outlives a restart where it follows nothing", async () => {
    const ledger = await ledgerOn(primary, NO_DURABILITY);
    await ledger.open();
    const sent = redemption(SOON);
    await ledger.redeem(sent);
    await primary.restart();
    const again = await ledgerOn(primary, NO_DURABILITY);
    await again.open();
    await expectAlive(again, sent, true);
  });

  it("goes on where the setting is new, and follows from then on", async () => {
    const before = await ledgerOn(primary, NO_DURABILITY);
    await before.open();
    const sent = redemption(SOON);
    await before.redeem(sent);
    await (await ledgerOn(primary)).open();
    await expectAlive(await ledgerOn(primary), sent, true);
    await primary.restart();
    await expectAlive(await ledgerOn(primary), sent, false);
  });

  /** As Sentinels do it, once the replica has the exchange. */
  async function promote(replica: RedisServer, sent: Redemption): Promise<void> {
    const admin = new Redis(replica.url);
    try {
      await vi.waitUntil(async () => (await admin.keys(`*cred:${sent.credential.id}`)).length === 1, {
        timeout: 20_000,
        interval: 25,
      });
      await admin.replicaof("NO", "ONE");
    } finally {
      admin.disconnect();
    }
  }
});
