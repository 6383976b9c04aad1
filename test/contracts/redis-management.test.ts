import { describe, expect, it } from "vitest";
import { RedisApiTokens } from "../../src/adapters/directory/redis-api-tokens.ts";
import { RedisDirectory } from "../../src/adapters/directory/redis-directory.ts";
import { NamespaceKeys, SystemKeys } from "../../src/adapters/directory/redis-keys.ts";
import { RedisLedger } from "../../src/adapters/ledger/redis-ledger.ts";
import { RedisNearMisses } from "../../src/adapters/ledger/redis-near-misses.ts";
import type { RedisConnection } from "../../src/adapters/redis/connection.ts";
import { decodeRecord, encodeRecord } from "../../src/adapters/redis/record.ts";
import { RedisSweeper } from "../../src/adapters/sweeper/redis-sweeper.ts";
import type { AuditEvent } from "../../src/domain/audit-event.ts";
import { aNamespace, anEvent, aRobot } from "../support/baseline.ts";
import { describeWithRedis, openRedis } from "../support/redis-store.ts";
import { apiTokensContract } from "./api-tokens-contract.ts";
import { aNamespaceChange, anotherRobot, aRemoval } from "./directory/changes.ts";
import { sweeperContract } from "./sweeper-contract.ts";

async function eventsOf(connection: RedisConnection, stream: string): Promise<AuditEvent[]> {
  const entries = await connection.send(stream, (client) => client.xrange(stream, "-", "+"));
  return entries.map(([, fields]) => decodeRecord<AuditEvent>(fields[1] ?? ""));
}

describeWithRedis("management in Redis", ({ kind, target }) => {
  apiTokensContract(`Redis, ${kind}`, async () => {
    const { connection, close } = await openRedis(target());
    return {
      apiTokens: new RedisApiTokens(connection),
      second: new RedisApiTokens(connection),
      events: () => eventsOf(connection, new SystemKeys(connection.keyPrefix).audit),
      close,
    };
  });

  sweeperContract(`Redis, ${kind}`, async () => {
    const { connection, close } = await openRedis(target());
    return {
      sweeper: new RedisSweeper(connection),
      directory: new RedisDirectory(connection),
      ledger: new RedisLedger(connection),
      nearMisses: new RedisNearMisses(connection),
      apiTokens: new RedisApiTokens(connection),
      close,
    };
  });

  it("keeps nothing of a removed namespace but its meta and its audit record", async () => {
    const { connection, close } = await openRedis(target());
    const directory = new RedisDirectory(connection);
    await directory.commitNamespace(aNamespaceChange());
    await directory.commitNamespace(aRemoval(1));
    const event = anEvent(5, { kind: "namespace.released", namespace: "acme" });
    for (let count = 0; count < 2; count += 1) await directory.releaseName("acme", event);
    const keys = new NamespaceKeys(connection.keyPrefix, "acme");
    expect(await eventsOf(connection, keys.audit)).toStrictEqual([
      aNamespaceChange().event,
      aRemoval(1).event,
      event,
    ]);
    const left = await connection.send(keys.meta, (client) =>
      client.keys(`${keys.meta.replace(/meta$/, "")}*`),
    );
    // A wait for replicas leaves a key that says nothing, for a minute.
    const telling = left.filter((key) => !key.endsWith(":touched"));
    expect(telling.toSorted()).toStrictEqual([keys.audit, keys.meta].toSorted());
    await directory.commitNamespace(aNamespaceChange({ putRobots: [] }));
    expect(await connection.send(keys.meta, (client) => client.hexists(keys.meta, "reserved"))).toBe(0);
    await close();
  });

  it("keeps the robots' names in order with each change", async () => {
    const { connection, close } = await openRedis(target());
    const directory = new RedisDirectory(connection);
    const { meta, names } = new NamespaceKeys(connection.keyPrefix, "acme");
    const index = () =>
      connection.send(meta, (client) =>
        Promise.all([client.hmget(meta, "revision", "indexed"), client.zrange(names, "0", "-1")]),
      );
    await directory.commitNamespace(
      aNamespaceChange({ putRobots: ["b", "a"].map((name) => anotherRobot(name)) }),
    );
    expect(await index()).toStrictEqual([
      ["1", "1"],
      ["acme+a", "acme+b"],
    ]);
    const putRobots = [anotherRobot("a", { nonce: "another" }), anotherRobot("0")];
    await directory.commitNamespace(
      aNamespaceChange({ fromRevision: 1, putRobots, removeRobots: ["acme+b"] }),
    );
    expect(await index()).toStrictEqual([
      ["2", "2"],
      ["acme+0", "acme+a"],
    ]);
    await directory.commitNamespace(aRemoval(2));
    expect(await index()).toStrictEqual([["3", "3"], []]);
    await close();
  });

  describe("records of the release before", () => {
    const open = async () => {
      const { connection, close } = await openRedis(target());
      const { keyPrefix } = connection;
      const { rules, ...robot } = aRobot();
      const [acme, gone] = ["acme", "gone"].map((name) => new NamespaceKeys(keyPrefix, name));
      if (!acme || !gone) throw new Error("there are two");
      await Promise.all([
        connection.write("SADD", new SystemKeys(keyPrefix).namespaces, "acme", "gone", "announced"),
        connection.write("HSET", acme.meta, "revision", 4, "namespace", encodeRecord(aNamespace())),
        connection.write("HSET", acme.robots, robot.name, encodeRecord(robot)),
        connection.write("HSET", acme.rules, robot.name, encodeRecord({ rules })),
        connection.write("HSET", acme.revisions, robot.name, "of-the-rules"),
        connection.write("HSET", gone.meta, "revision", 2),
      ]);
      return { directory: new RedisDirectory(connection), connection, close };
    };

    it("read as they should", async () => {
      const { directory, close } = await open();
      const place = { revision: 4, namespace: aNamespace() };
      expect(await directory.readRobot("acme+builder")).toStrictEqual({ ...place, robot: aRobot() });
      expect(await directory.listRobots("acme", "", 10)).toStrictEqual([aRobot()]);
      expect(await directory.readNamespace("acme")).toStrictEqual({ ...place, robots: [aRobot()], pins: {} });
      expect(await directory.listReservations()).toStrictEqual([{ name: "gone", since: 0 }]);
      await close();
    });

    it.each(["listed", "changed"])("are in order again when they are %s after it wrote", async (what) => {
      const { directory, connection, close } = await open();
      const keys = new NamespaceKeys(connection.keyPrefix, "acme");
      const names = async () => (await directory.listRobots("acme", "", 10)).map(({ name }) => name);
      await directory.commitNamespace(
        aNamespaceChange({ fromRevision: 4, putRobots: [anotherRobot("a"), anotherRobot("b")] }),
      );
      expect(await names()).toStrictEqual(["acme+a", "acme+b", "acme+builder"]);
      const { rules, ...robot } = anotherRobot("c");
      await connection.send(keys.meta, (client) =>
        Promise.all([
          client.hincrby(keys.meta, "revision", 1),
          client.hset(keys.robots, robot.name, encodeRecord(robot)),
          client.hset(keys.rules, robot.name, encodeRecord({ rules })),
          client.hdel(keys.robots, "acme+a"),
        ]),
      );
      if (what === "changed") {
        await directory.commitNamespace(aNamespaceChange({ fromRevision: 6, putRobots: [] }));
      }
      for (let count = 0; count < 2; count += 1) {
        expect(await names()).toStrictEqual(["acme+b", "acme+builder", "acme+c"]);
      }
      await close();
    });

    it("of a removed namespace may be released, or made anew", async () => {
      const { directory, close } = await open();
      expect(await directory.releaseName("announced", anEvent(0))).toBe(false);
      expect(await directory.releaseName("gone", anEvent(0))).toBe(true);
      expect(await directory.listReservations()).toStrictEqual([]);
      expect(await directory.commitNamespace(aNamespaceChange({ name: "gone" }))).toBe("committed");
      expect((await directory.readNamespace("gone"))?.revision).toBe(3);
      await close();
    });

    it("are reserved when it has made a released name anew and removed it", async () => {
      const { directory, connection, close } = await open();
      await directory.releaseName("gone", anEvent(0));
      const { meta } = new NamespaceKeys(connection.keyPrefix, "gone");
      await connection.send(meta, (client) => client.hincrby(meta, "revision", 2));
      expect(await directory.listReservations()).toStrictEqual([{ name: "gone", since: 0 }]);
      await close();
    });
  });
});
