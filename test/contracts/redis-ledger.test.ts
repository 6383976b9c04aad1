import { describe, expect, it } from "vitest";
import { ALL_SHARDS, ShardKeys } from "../../src/adapters/ledger/redis-keys.ts";
import { RedisLedger } from "../../src/adapters/ledger/redis-ledger.ts";
import { RedisNearMisses } from "../../src/adapters/ledger/redis-near-misses.ts";
import { systemClock } from "../../src/adapters/runtime/system-clock.ts";
import { MAX_REUSABLE_CREDENTIALS } from "../../src/usecases/store-records.ts";
import { anEvent } from "../support/baseline.ts";
import { describeWithRedis, openRedis } from "../support/redis-store.ts";
import { MINTED, newRedemption, redeemAll } from "./ledger/redemptions.ts";
import { ledgerContract } from "./ledger-contract.ts";

describeWithRedis("the ledger in Redis", ({ kind, target }) => {
  ledgerContract(`Redis, ${kind}`, async () => {
    const { connection, close } = await openRedis(target());
    const epochs = ALL_SHARDS.map((shard) => new ShardKeys(connection.keyPrefix, shard).epoch);
    return {
      ledger: new RedisLedger(connection),
      nearMisses: new RedisNearMisses(connection),
      clock: systemClock,
      ageEpochs: async (unixSeconds) => {
        const born = unixSeconds * 1000;
        await Promise.all(
          epochs.map((key) =>
            connection.send(key, async (client) => {
              if ((await client.exists(key)) === 1) await client.hset(key, "born", born);
            }),
          ),
        );
      },
      close,
    };
  });

  it("does not count reusable credentials of an epoch that has ended", async () => {
    const { connection, close } = await openRedis(target());
    const ledger = new RedisLedger(connection);
    const tokenIssuedAt = Math.floor(systemClock.now() / 1000) + 60;
    const reusable = () => newRedemption(systemClock, { reusable: true, tokenIssuedAt });
    await redeemAll(ledger, Array.from({ length: MAX_REUSABLE_CREDENTIALS }, reusable));
    expect(await ledger.redeem(reusable())).toStrictEqual({ kind: "too_many" });
    await ledger.startEpoch(anEvent(systemClock.now(), { kind: "epoch.started" }));
    expect(await ledger.redeem(reusable())).toStrictEqual(MINTED);
    await close();
  });

  describe("the audit record of one robot", () => {
    it("keeps its grants and its newest refusals when refusals flood it", async () => {
      const { connection, close } = await openRedis(target());
      const ledger = new RedisLedger(connection);
      const granted = anEvent(1);
      const refused = Array.from({ length: 3000 }, (_, at) => anEvent(at + 2, { kind: "exchange.refused" }));
      await ledger.record([granted, ...refused]);
      const events = await ledger.readEvents(10_000);
      const kept = events.length - 1;
      expect(kept).toBeLessThan(1000);
      expect(events).toStrictEqual([...refused.slice(-kept).toReversed(), granted]);
      await close();
    });
  });
});
