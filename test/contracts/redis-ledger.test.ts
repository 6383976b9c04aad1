import { ALL_SHARDS, ShardKeys } from "../../src/adapters/ledger/redis-keys.ts";
import { RedisLedger } from "../../src/adapters/ledger/redis-ledger.ts";
import { systemClock } from "../../src/adapters/runtime/system-clock.ts";
import { describeWithRedis, openRedis } from "../support/redis-store.ts";
import { ledgerContract } from "./ledger-contract.ts";

describeWithRedis("the ledger in Redis", ({ kind, url }) => {
  ledgerContract(`Redis, ${kind}`, async () => {
    const { connection, close } = await openRedis(url());
    const epochs = ALL_SHARDS.map((shard) => new ShardKeys(connection.keyPrefix, shard).epoch);
    return {
      ledger: new RedisLedger(connection),
      clock: systemClock,
      ageEpochs: (unixSeconds) =>
        connection.send(async (client) => {
          const there = await Promise.all(epochs.map((key) => client.exists(key)));
          const born = unixSeconds * 1000;
          await Promise.all(epochs.filter((_, at) => there[at]).map((key) => client.hset(key, "born", born)));
        }),
      close,
    };
  });
});
