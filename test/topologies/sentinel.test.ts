import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { RedisLedger } from "../../src/adapters/ledger/redis-ledger.ts";
import { connectRedis, type RedisConnection } from "../../src/adapters/redis/connection.ts";
import { systemClock } from "../../src/adapters/runtime/system-clock.ts";
import { UnavailableError } from "../../src/usecases/ports.ts";
import { aliveIds, MINTED, newHash, newRedemption } from "../contracts/ledger/redemptions.ts";
import { describeWith } from "../support/find-server.ts";
import type { FleetNode } from "../support/redis-fleet-node.ts";
import { SENTINEL_NAME, type SentinelFleet, startSentinelFleet } from "../support/redis-fleet-sentinel.ts";
import { isSentinel, isServer } from "../support/redis-fleet-settings.ts";
import { findRedis } from "../support/redis-server.ts";
import type { RedisTarget } from "../support/redis-store.ts";
import { sentinelTarget } from "../support/redis-topologies.ts";

const IN_TIME = { timeout: 30_000, interval: 50 };

describeWith("redis", findRedis(), "a Redis behind Sentinels", () => {
  let fleet: SentinelFleet;
  let connection: RedisConnection;
  let ledger: RedisLedger;
  let notices: string[];

  beforeEach(async () => {
    fleet = await startSentinelFleet({
      password: "of-the-servers",
      sentinelPassword: "of-the-sentinels",
      relayed: true,
    });
    notices = [];
    connection = connect(sentinelTarget(fleet));
    ledger = new RedisLedger(connection);
    await connection.whenReady(10_000);
  });
  afterEach(async () => {
    connection.close();
    await fleet.stop();
  });

  const connect = (target: RedisTarget) =>
    connectRedis({ keyPrefix: "berth:", onNotice: (notice) => notices.push(notice), ...target });

  const redemption = () =>
    newRedemption(systemClock, {
      replayKey: newHash(),
      tokenIssuedAt: Math.floor(systemClock.now() / 1000) + 60,
    });

  const keyOf = (id: string) => `berth:{s:${id.slice(0, 2)}}:cred:${id}`;

  async function expectOn(node: FleetNode, id: string): Promise<void> {
    expect(await node.call("EXISTS", keyOf(id))).toBe(1);
  }

  it.each([
    { what: "an ordered failover", begin: () => fleet.failover() },
    {
      what: "the death of the primary",
      begin: async () => {
        const before = await fleet.primary();
        await before.kill();
        return fleet.promoted(before);
      },
    },
  ])("goes on with the new primary after $what", async ({ begin }) => {
    const first = redemption();
    expect(await ledger.redeem(first)).toStrictEqual(MINTED);
    await vi.waitFor(
      async () => Promise.all((await fleet.replicas()).map((node) => expectOn(node, first.credential.id))),
      IN_TIME,
    );
    const promoted = await begin();
    const second = redemption();
    await vi.waitFor(() => ledger.redeem({ ...second, now: systemClock.now() }), IN_TIME);
    await expectOn(promoted, second.credential.id);
    expect(await aliveIds(ledger, [first, second])).toHaveLength(2);
    expect(notices.at(-1)).toBe("Redis can be used again");
  });

  // attack 10
  it("writes nothing to a primary that does not know that it was replaced", async () => {
    const before = await fleet.primary();
    expect(await ledger.redeem(redemption())).toStrictEqual(MINTED);
    // Berth still reaches it, and it takes writes.
    before.cut((address) => isSentinel(address) || isServer(address));
    const promoted = await fleet.promoted(before);
    const sent = redemption();
    await vi.waitFor(async () => {
      await ledger.redeem({ ...sent, now: systemClock.now() });
      await expectOn(promoted, sent.credential.id);
    }, IN_TIME);
    expect(await before.info("replication", "role")).toBe("master");
    expect(await before.call("EXISTS", keyOf(sent.credential.id))).toBe(0);
    before.heal();
  });

  it("is not led back by a Sentinel that has not heard of the failover", async () => {
    const [deaf] = fleet.sentinels;
    const named = await deaf?.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", SENTINEL_NAME);
    const [host, port] = named as string[];
    const before = await fleet.primary();
    before.cut((address) => isSentinel(address) || isServer(address));
    const promoted = await fleet.promoted(before);
    await vi.waitFor(() => expect(notices).toContainEqual("Redis can be used again"), IN_TIME);
    // It names the old primary, as one does that was cut off together with it.
    await deaf?.call("SENTINEL", "REMOVE", SENTINEL_NAME);
    await deaf?.call("SENTINEL", "MONITOR", SENTINEL_NAME, host ?? "", port ?? "", "3");
    for (let round = 0; round < 6; round += 1) {
      // Each connection asks the next Sentinel.
      await promoted.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes").catch(() => undefined);
      const sent = redemption();
      await vi.waitFor(() => ledger.redeem({ ...sent, now: systemClock.now() }), IN_TIME);
      await expectOn(promoted, sent.credential.id);
    }
    before.heal();
  });

  it("says so where a Sentinel lets it hear nothing of a failover", async () => {
    for (const sentinel of fleet.sentinels) {
      await sentinel.call("ACL", "SETUSER", "default", "-subscribe");
    }
    const another = connect(sentinelTarget(fleet));
    await vi.waitFor(
      () =>
        expect(notices).toContainEqual(
          expect.stringMatching(/^the Sentinel .* refuses SUBSCRIBE \(NOPERM\)/),
        ),
      IN_TIME,
    );
    another.close();
  });

  it("is reached by another Sentinel when one is gone", async () => {
    await fleet.sentinels[0]?.kill();
    const another = connect(sentinelTarget(fleet));
    await another.whenReady(10_000);
    expect(await new RedisLedger(another).redeem(redemption())).toStrictEqual(MINTED);
    another.close();
  });

  it.each([
    { what: "another name", change: { name: "other" } },
    { what: "a wrong password", change: { password: "wrong" } },
  ])("is not found with $what", async ({ change }) => {
    const target = sentinelTarget(fleet);
    const lost = connect({
      ...target,
      deadlineMs: 2000,
      sentinel: { name: "", ...target.sentinel, ...change },
    });
    await expect(lost.whenReady()).rejects.toStrictEqual(
      new UnavailableError("Redis cannot be used: no Sentinel names a primary"),
    );
    lost.close();
  });
});
