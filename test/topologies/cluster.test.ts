import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { RedisDirectory } from "../../src/adapters/directory/redis-directory.ts";
import { RedisLedger } from "../../src/adapters/ledger/redis-ledger.ts";
import { connectRedis, type RedisConnection } from "../../src/adapters/redis/connection.ts";
import { NO_DURABILITY } from "../../src/adapters/redis/options.ts";
import { systemClock } from "../../src/adapters/runtime/system-clock.ts";
import { UnavailableError } from "../../src/usecases/ports.ts";
import type { Redemption } from "../../src/usecases/store-records.ts";
import { aNamespaceChange } from "../contracts/directory/changes.ts";
import { aliveIds, MINTED, newHash, newRedemption } from "../contracts/ledger/redemptions.ts";
import { describeWith } from "../support/find-server.ts";
import { type ClusterFleet, startClusterFleet } from "../support/redis-fleet-cluster.ts";
import { findRedis } from "../support/redis-server.ts";

const IN_TIME = { timeout: 30_000, interval: 50 };
const DEADLINE_MS = 1000;
const SLACK_MS = 2000;

describeWith("redis", findRedis(), "a Redis cluster", () => {
  let fleet: ClusterFleet;
  let connection: RedisConnection;
  let ledger: RedisLedger;

  beforeAll(async () => {
    fleet = await startClusterFleet();
  });
  afterAll(() => fleet.stop());
  beforeEach(async () => {
    await fleet.settled();
    connection = connect();
    ledger = new RedisLedger(connection);
    await connection.whenReady(10_000);
    await ledger.open();
  });
  afterEach(() => connection.close());

  const connect = () =>
    connectRedis({
      keyPrefix: "berth:",
      url: `redis://${fleet.nodes[0]?.address}`,
      topology: "cluster",
      deadlineMs: DEADLINE_MS,
    });

  const redemption = (change: Partial<Redemption> = {}) =>
    newRedemption(systemClock, {
      replayKey: newHash(),
      shard: 7,
      tokenIssuedAt: Math.floor(systemClock.now() / 1000) + 60,
      ...change,
    });
  const slotOfShard = () => fleet.slotOf("berth:{s:07}:epoch");

  async function expectOutage(call: Promise<unknown>): Promise<void> {
    const startedAt = performance.now();
    await expect(call).rejects.toBeInstanceOf(UnavailableError);
    expect(performance.now() - startedAt).toBeLessThan(DEADLINE_MS + SLACK_MS);
  }

  it("has its records on every primary, and each gets the scripts", async () => {
    await Promise.all(fleet.nodes.map((node) => node.call("SCRIPT", "FLUSH").catch(() => undefined)));
    const sent = Array.from({ length: 64 }, (_, shard) => redemption({ shard }));
    for (const one of sent) expect(await ledger.redeem(one)).toStrictEqual(MINTED);
    expect(await aliveIds(ledger, sent)).toHaveLength(64);
    const directory = new RedisDirectory(connection);
    const names = Array.from({ length: 20 }, (_, at) => `name-${at}`);
    for (const name of names) await directory.commitNamespace(aNamespaceChange({ name, putRobots: [] }));
    expect((await directory.listNamespaces()).map(({ name }) => name).toSorted()).toStrictEqual(
      names.toSorted(),
    );
    await Promise.all([ledger.ping(), directory.ping()]);
    const primaries = new Set(
      await Promise.all(names.map(async (_, at) => (await fleet.primary(at * 819)).port)),
    );
    expect(primaries.size).toBe(3);
  });

  describe("while a slot moves", () => {
    // attack 8
    it("exchanges on it are an outage, what is there is read, and all goes on when it has moved", async () => {
      const before = redemption();
      await ledger.redeem(before);
      const move = await fleet.moveSlot(await slotOfShard());
      const refused = redemption();
      await expectOutage(ledger.redeem(refused));
      await move.moveKeys(1000);
      // All is with the new primary, which answers only who was sent there.
      expect(await aliveIds(ledger, [before])).toStrictEqual([before.credential.id]);
      await expectOutage(ledger.redeem(redemption()));
      expect(await ledger.redeem(redemption({ shard: 8 }))).toStrictEqual(MINTED);
      await move.finish();
      const again = redemption({ replayKey: refused.replayKey });
      expect(await ledger.redeem(again)).toStrictEqual(MINTED);
      expect(await aliveIds(ledger, [before, refused, again])).toHaveLength(2);
      // Who connects now finds it where it is.
      const late = connect();
      await late.whenReady(10_000);
      expect(await aliveIds(new RedisLedger(late), [again])).toHaveLength(1);
      late.close();
    });
  });

  it("exchanges on the other slots of a server are answered while one of its slots moves", async () => {
    const waiting = connectRedis({
      keyPrefix: "berth:",
      url: `redis://${fleet.nodes[0]?.address}`,
      topology: "cluster",
      deadlineMs: 4000,
      durability: { ...NO_DURABILITY, waitReplicas: 1 },
    });
    await waiting.whenReady(10_000);
    const durable = new RedisLedger(waiting);
    const moving = await fleet.primary(await slotOfShard());
    const shards = await Promise.all(
      Array.from({ length: 64 }, async (_, shard) => {
        const slot = await fleet.slotOf(`berth:{s:${String(shard).padStart(2, "0")}}:epoch`);
        return (await fleet.primary(slot)).port === moving.port ? [shard] : [];
      }),
    );
    const [other] = shards.flat().filter((shard) => shard !== 7);
    const move = await fleet.moveSlot(await slotOfShard());
    // In one turn, so that they are one batch: the one on the moving slot stands last.
    const answers = await Promise.allSettled([
      durable.redeem(redemption({ shard: other ?? 0 })),
      durable.redeem(redemption()),
    ]);
    expect(answers).toMatchObject([{ status: "fulfilled", value: MINTED }, { status: "rejected" }]);
    await move.finish();
    waiting.close();
  });

  it("an exchange that meets a move which ends in time is not refused", async () => {
    const patient = connectRedis({
      keyPrefix: "berth:",
      url: `redis://${fleet.nodes[0]?.address}`,
      topology: "cluster",
      deadlineMs: 15_000,
    });
    await patient.whenReady();
    const move = await fleet.moveSlot(await slotOfShard());
    const answered = new RedisLedger(patient).redeem(redemption());
    await move.finish();
    expect(await answered).toStrictEqual(MINTED);
    patient.close();
  });

  it("goes on after an ordered failover", async () => {
    const before = redemption();
    await ledger.redeem(before);
    await fleet.failover(await slotOfShard());
    const sent = redemption();
    await vi.waitFor(() => ledger.redeem({ ...sent, now: systemClock.now() }), IN_TIME);
    expect(await aliveIds(ledger, [sent])).toHaveLength(1);
  });

  it("the death of a primary is an outage for its slots until a replica has taken over", async () => {
    const primary = await fleet.primary(await slotOfShard());
    await primary.kill();
    await expectOutage(ledger.redeem(redemption()));
    await expectOutage(ledger.ping());
    const sent = redemption();
    await vi.waitFor(() => ledger.redeem({ ...sent, now: systemClock.now() }), IN_TIME);
    await vi.waitFor(() => ledger.ping(), IN_TIME);
    expect(await aliveIds(ledger, [sent])).toHaveLength(1);
    await primary.restart();
  });

  it("a slot that nobody has is an outage, and others are none", async () => {
    const slot = await slotOfShard();
    const owner = await fleet.primary(slot);
    for (const node of fleet.nodes) await node.call("CONFIG", "SET", "cluster-require-full-coverage", "no");
    await owner.call("CLUSTER", "DELSLOTS", slot);
    await expectOutage(ledger.redeem(redemption()));
    expect(await ledger.redeem(redemption({ shard: 8 }))).toStrictEqual(MINTED);
    await owner.call("CLUSTER", "ADDSLOTS", slot);
    await vi.waitFor(() => ledger.redeem(redemption()), IN_TIME);
  });

  it("is not taken for one server, nor one server for it", async () => {
    const alone = connectRedis({
      keyPrefix: "berth:",
      url: `redis://${fleet.nodes[0]?.address}`,
      deadlineMs: DEADLINE_MS,
    });
    await alone.whenReady();
    await expectOutage(new RedisLedger(alone).open());
    alone.close();
  });
});
