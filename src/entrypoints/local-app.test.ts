import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePort } from "../../demo/free-port.ts";
import { type CommandWorld, newCommandWorld } from "../../test/support/command-world.ts";
import { describeWithRedis } from "../../test/support/redis-store.ts";
import { openLocalApp } from "./local-app.ts";
import { readSettings } from "./read-settings.ts";

let world: CommandWorld;
beforeEach(() => {
  world = newCommandWorld();
});
afterEach(() => world.remove());

describe("openLocalApp", () => {
  it("answers the operator of the host without a token, and starts nothing that goes on", async () => {
    const app = await openLocalApp(readSettings(world.environment));
    const answer = await app.fetch(new Request("https://berth.example.com/api/v1/tokens/self"));
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      { actor: "operator", exchanged: false },
    ]);
    await app.close();
    await world.inStore(async ({ directory, ledger }) => {
      expect([await directory.readKeys(), await ledger.readEvents(10)]).toEqual([[], []]);
    });
  });

  it("does not apply the declaration file, nor use the bootstrap token", async () => {
    const file = world.file("berth.yaml", "namespaces: [{ name: acme }]\n");
    const { out } = await world.berthWith({ BERTH_FILE: file }, "namespaces", "list");
    expect(out).toBe("no namespaces");
  });
});

describeWithRedis("the command line on Redis", (redis) => {
  it("does what it does on SQLite", async () => {
    const store = {
      BERTH_REDIS_URL: redis.target().url,
      BERTH_REDIS_TOPOLOGY: redis.target().topology ?? "single",
      BERTH_REDIS_PREFIX: `${randomUUID()}:`,
    };
    const berth = (...args: readonly string[]) => world.berthWith(store, ...args);
    expect((await berth("namespaces", "create", "acme")).out).toBe("acme: created");
    expect((await berth("robots", "create", "acme+builder")).out).toMatch(/^brp_/);
    expect((await berth("robots", "list", "acme")).out).toContain("acme+builder");
    expect((await berth("audit", "--robot", "acme+builder")).out).toContain("directory.changed");
  });
});

it("tells of a store that does not answer, and of no password in its URL", async () => {
  const gone = {
    BERTH_REDIS_URL: `redis://:hunter2@127.0.0.1:${await freePort()}`,
    BERTH_STORE_TIMEOUT_MS: "300",
  };
  const { code, out, err } = await world.berthWith(gone, "namespaces", "list");
  expect([code, out, err]).toEqual([
    2,
    "",
    expect.stringMatching(/^berth: Redis cannot be used: ECONNREFUSED/),
  ]);
  expect(err).not.toContain("hunter2");
});
