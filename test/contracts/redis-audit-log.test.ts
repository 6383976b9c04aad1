import { describe, expect, it } from "vitest";
import { RedisAuditLog } from "../../src/adapters/audit/redis-audit-log.ts";
import { RedisDirectory } from "../../src/adapters/directory/redis-directory.ts";
import { NamespaceKeys, SystemKeys } from "../../src/adapters/directory/redis-keys.ts";
import { ALL_SHARDS, ShardKeys } from "../../src/adapters/ledger/redis-keys.ts";
import { RedisLedger } from "../../src/adapters/ledger/redis-ledger.ts";
import { RedisNearMisses } from "../../src/adapters/ledger/redis-near-misses.ts";
import type { RedisConnection } from "../../src/adapters/redis/connection.ts";
import { encodeRecord } from "../../src/adapters/redis/record.ts";
import { systemClock } from "../../src/adapters/runtime/system-clock.ts";
import { anEvent } from "../support/baseline.ts";
import { describeWithRedis, openRedis } from "../support/redis-store.ts";
import { auditLogContract } from "./audit-log-contract.ts";
import { aNamespaceChange } from "./directory/changes.ts";

/** Streams of each sort: two of the ledger's grants, two of its refusals, the system's, two namespaces'. */
const streamsOf = (keyPrefix: string) => [
  new ShardKeys(keyPrefix, 2).audit,
  new ShardKeys(keyPrefix, 10).refusals,
  new ShardKeys(keyPrefix, 10).audit,
  new ShardKeys(keyPrefix, 63).refusals,
  new SystemKeys(keyPrefix).audit,
  new NamespaceKeys(keyPrefix, "acme").audit,
  new NamespaceKeys(keyPrefix, "other").audit,
];

describeWithRedis("the audit log in Redis", ({ kind, target }) => {
  auditLogContract(`Redis, ${kind}`, async () => {
    const { connection, close } = await openRedis(target());
    const ledger = new RedisLedger(connection);
    await ledger.open();
    const epochs = ALL_SHARDS.map((shard) => new ShardKeys(connection.keyPrefix, shard).epoch);
    await Promise.all(epochs.map((epoch) => connection.write("HSET", epoch, "born", 0)));
    return {
      auditLog: new RedisAuditLog(connection),
      ledger,
      directory: new RedisDirectory(connection),
      nearMisses: new RedisNearMisses(connection),
      clock: systemClock,
      close,
    };
  });

  describe("events of many streams", () => {
    /** The event says at which milliseconds of the store, and of what number within them, it was written. */
    const add = (connection: RedisConnection, stream: string, id: string) =>
      connection.write(
        "XADD",
        stream,
        id,
        "event",
        encodeRecord(anEvent(1, { requestId: `${id} ${stream}` })),
      );

    async function readIds(connection: RedisConnection, limit: number): Promise<string[]> {
      const auditLog = new RedisAuditLog(connection);
      const ids: string[] = [];
      for (let after = ""; ; ) {
        const page = await auditLog.query({}, { limit, ...(after && { after }) });
        ids.push(...page.events.map(({ requestId }) => requestId));
        if (page.next === undefined) return ids;
        after = page.next;
      }
    }

    it.each([1, 2, 7, 50, 1000])("come by the store's time, each once, in pages of %i", async (limit) => {
      const { connection, close } = await openRedis(target());
      const directory = new RedisDirectory(connection);
      await directory.commitNamespace(aNamespaceChange({ name: "acme" }));
      await directory.commitNamespace(aNamespaceChange({ name: "other" }));
      const streams = streamsOf(connection.keyPrefix);
      await Promise.all(streams.map((stream) => connection.write("UNLINK", stream)));
      // One millisecond that fills pages of its own, one before it, one behind it.
      const ids = ["1000-0", ...Array.from({ length: 40 }, (_, at) => `2000-${at}`), "3000-5"];
      for (const id of ids) await Promise.all(streams.map((stream) => add(connection, stream, id)));

      const read = await readIds(connection, limit);
      const written = ids.flatMap((id) => streams.map((stream) => `${id} ${stream}`));
      expect(read.toSorted()).toStrictEqual(written.toSorted());
      const times = read.map((id) => Number.parseInt(id, 10));
      expect(times).toStrictEqual(times.toSorted((left, right) => right - left));
      for (const stream of streams) {
        const numbers = read.filter((id) => id.startsWith("2000-") && id.endsWith(stream));
        expect(numbers.map((id) => Number(id.slice(5, id.indexOf(" "))))).toStrictEqual(
          Array.from({ length: 40 }, (_, at) => 39 - at),
        );
      }
      await close();
    });

    it("come in order when one stream has far more than the others", async () => {
      const { connection, close } = await openRedis(target());
      const [full = "", sparse = ""] = streamsOf(connection.keyPrefix);
      const ids = Array.from({ length: 1500 }, (_, at) => `${1000 + at}-0`);
      await Promise.all(ids.map((id) => add(connection, full, id)));
      for (const id of ["1000-0", "1001-1", "2400-7"]) await add(connection, sparse, id);
      for (const limit of [90, 1000]) {
        const read = await readIds(connection, limit);
        expect(read).toHaveLength(1503);
        const times = read.map((id) => Number.parseInt(id, 10));
        expect(times).toStrictEqual(times.toSorted((left, right) => right - left));
      }
      await close();
    });

    it("are gone on with behind the one that was shown last", async () => {
      const { connection, close } = await openRedis(target());
      const [stream = ""] = streamsOf(connection.keyPrefix);
      await Promise.all(Array.from({ length: 300 }, (_, at) => add(connection, stream, `${1 + at}-0`)));
      const auditLog = new RedisAuditLog(connection);
      const page = await auditLog.query({}, { limit: 2 });
      expect(page.events.map(({ requestId }) => requestId)).toStrictEqual([
        `300-0 ${stream}`,
        `299-0 ${stream}`,
      ]);
      expect(page.next).toBe("299-0-s2");
      await close();
    });
  });
});
