import { describe, expect, it } from "vitest";
import { RedisDirectory } from "../../src/adapters/directory/redis-directory.ts";
import { NamespaceKeys, SystemKeys } from "../../src/adapters/directory/redis-keys.ts";
import { decodeRecord } from "../../src/adapters/redis/record.ts";
import { describeWithRedis, openRedis } from "../support/redis-store.ts";
import { aNamespaceChange, aSystemChange } from "./directory/changes.ts";
import { aPin } from "./directory/pin-cases.ts";
import { directoryContract } from "./directory-contract.ts";

describeWithRedis("the directory in Redis", ({ kind, target }) => {
  directoryContract(`Redis, ${kind}`, async () => {
    const { connection, close } = await openRedis(target());
    return { directory: new RedisDirectory(connection), second: new RedisDirectory(connection), close };
  });

  describe("the audit record of a change", () => {
    it("is written with it, once, and not with a conflict", async () => {
      const { connection, close } = await openRedis(target());
      const directory = new RedisDirectory(connection);
      const namespaceChange = aNamespaceChange();
      const systemChange = aSystemChange();
      for (const expected of ["committed", "conflict"]) {
        expect(await directory.commitNamespace(namespaceChange)).toBe(expected);
        expect(await directory.commitSystem(systemChange)).toBe(expected);
      }
      const streams = [
        new NamespaceKeys(connection.keyPrefix, "acme").audit,
        new SystemKeys(connection.keyPrefix).audit,
      ];
      for (const stream of streams) {
        const entries = await connection.send(stream, (client) => client.xrange(stream, "-", "+"));
        expect(entries.map(([, fields]) => decodeRecord(fields[1] ?? ""))).toStrictEqual([
          namespaceChange.event,
        ]);
      }
      await close();
    });

    it("is written with a pin, once", async () => {
      const { connection, close } = await openRedis(target());
      const directory = new RedisDirectory(connection);
      await directory.commitNamespace(aNamespaceChange());
      const pin = aPin();
      for (let count = 0; count < 2; count += 1) await directory.pinIdentity(pin);
      const { audit } = new NamespaceKeys(connection.keyPrefix, "acme");
      const entries = await connection.send(audit, (client) => client.xrange(audit, "-", "+"));
      expect(entries.slice(1).map(([, fields]) => decodeRecord(fields[1] ?? ""))).toStrictEqual([pin.event]);
      await close();
    });
  });
});
