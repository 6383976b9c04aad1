import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BackupWorld, PINNED, TOKEN_HASH } from "../../../test/support/backup-world.ts";
import { TestClock } from "../../../test/support/test-clock.ts";
import { describeOnUpkeepStores, openSqlite } from "../../../test/support/upkeep-store.ts";
import { sha256Stream } from "../../adapters/runtime/sha256-stream.ts";
import { backUp } from "./back-up.ts";

describeOnUpkeepStores("backUp", (open) => {
  let world: BackupWorld;
  beforeEach(async () => {
    const clock = new TestClock();
    world = new BackupWorld(await open(clock), clock);
  });
  afterEach(() => world.store.close());

  it("gives each record in a line of its own, between header and footer", async () => {
    await world.fill();
    const lines = await world.lines();
    const records = lines.map((line) => JSON.parse(line));
    expect(records.map(({ record }) => record)).toEqual([
      ...["header", "issuer", "registry", "namespace", "robot", "robot"],
      ...["key", "apiToken", "declaration", "declaration", "reservation", "footer"],
    ]);
    expect(records[0]).toEqual({
      record: "header",
      format: 1,
      berth: "1.2.3",
      store: "test",
      madeAt: new Date(world.clock.now()).toISOString(),
    });
    const builder = records.find(({ value }) => value?.robot?.name === "acme+builder");
    expect(builder).toMatchObject({
      value: { robot: { token: { hash: TOKEN_HASH } }, pins: { "rule-1": PINNED } },
    });
    expect(records[10]).toMatchObject({ value: { name: "gone" } });
    const digest = sha256Stream();
    for (const line of lines.slice(0, -1)) digest.update(`${line}\n`);
    expect(records.at(-1)).toEqual({
      record: "footer",
      counts: {
        issuer: 1,
        registry: 1,
        namespace: 1,
        robot: 2,
        key: 1,
        apiToken: 1,
        declaration: 2,
        reservation: 1,
      },
      sha256: digest.hex(),
    });
  });

  it("has no private key in the clear", async () => {
    await world.fill();
    const [key] = await world.store.directory.readKeys();
    expect((await world.lines()).join("\n")).not.toMatch(/"d":|PRIVATE KEY/);
    expect((await world.lines()).join("\n")).toContain(key?.encryptedPrivateKey.ciphertext);
  });

  it("of an empty store is header and footer", async () => {
    const records = (await world.lines()).map((line) => JSON.parse(line));
    expect(records).toMatchObject([{ record: "header" }, { record: "footer", counts: {} }]);
  });

  it("refuses while a restore is not finished", async () => {
    await world.store.directory.writeRestoreState({ backup: "ab".repeat(32), startedAt: 1 });
    await expect(world.lines()).rejects.toThrow("a restore of this store is not finished");
  });
});

describe("backUp", () => {
  it("leaves out a namespace that is removed while it reads", async () => {
    const clock = new TestClock();
    const store = await openSqlite(clock);
    try {
      const world = new BackupWorld(store, clock);
      await world.fill();
      const listed = await store.directory.listNamespaces();
      await world.removeNamespace("acme");
      const directory = new Proxy(store.directory, {
        get: (target, name) => {
          if (name === "listNamespaces") return async () => listed;
          const member = Reflect.get(target, name, target);
          return typeof member === "function" ? member.bind(target) : member;
        },
      });
      const lines = await backUp(
        { ...store, directory, clock, newDigest: sha256Stream },
        { berth: "1.2.3", store: "sqlite" },
      );
      const records: string[] = [];
      if (lines.ok) for await (const line of lines.value) records.push(JSON.parse(line).record);
      expect(records).not.toContain("namespace");
      expect(records.at(-1)).toBe("footer");
    } finally {
      await store.close();
    }
  });
});
