import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { RedisLedger } from "../../src/adapters/ledger/redis-ledger.ts";
import { UnavailableError } from "../../src/usecases/ports.ts";
import { describeWith } from "../support/find-server.ts";
import { findRedis, type RedisServer, startRedis } from "../support/redis-server.ts";
import { type OpenRedis, openRedis } from "../support/redis-store.ts";

const IN_TIME = { timeout: 10_000, interval: 20 };

describeWith("redis", findRedis(), "a Redis whose settings change under Berth", () => {
  let server: RedisServer;
  let store: OpenRedis;
  let ledger: RedisLedger;
  let admin: Redis;
  let notices: string[];

  beforeEach(async () => {
    notices = [];
    server = await startRedis();
    admin = new Redis(server.url);
    store = await openRedis(server.url, {
      watchMs: { well: 20, ill: 20 },
      onNotice: (notice) => notices.push(notice),
    });
    ledger = new RedisLedger(store.connection);
  });
  afterEach(async () => {
    admin.disconnect();
    store.connection.close();
    await server.stop();
  });

  const fault = () =>
    ledger.findCredential("00").then(
      () => undefined,
      (caught: unknown) => caught,
    );

  // attack 8
  it("is not used while it may evict, and is again when that was mended, each told once", async () => {
    await admin.config("SET", "maxmemory-policy", "allkeys-lru");
    await vi.waitFor(async () => {
      expect(await fault()).toStrictEqual(
        new UnavailableError("Redis cannot be used: it may evict keys (maxmemory-policy allkeys-lru)"),
      );
    }, IN_TIME);
    await expect(ledger.ping()).rejects.toBeInstanceOf(UnavailableError);
    await admin.config("SET", "maxmemory-policy", "noeviction");
    await vi.waitFor(() => ledger.ping(), IN_TIME);
    expect(await fault()).toBeUndefined();
    expect(notices).toStrictEqual([
      "Redis cannot be used: it may evict keys (maxmemory-policy allkeys-lru)",
      "Redis can be used again",
    ]);
  });

  it("is told of once when it keeps less than it did", async () => {
    const looks = async () => Number(/cmdstat_info:calls=(\d+)/.exec(await admin.info("commandstats"))?.[1]);
    await admin.config("SET", "appendonly", "no");
    await vi.waitFor(() => expect(notices).toHaveLength(1), IN_TIME);
    expect(notices[0]).toContain("Set appendonly yes");
    const before = await looks();
    await vi.waitUntil(async () => (await looks()) > before + 10, IN_TIME);
    expect(notices).toHaveLength(1);
  });

  it("that is gone and comes back is told of once each", async () => {
    await server.kill();
    await vi.waitFor(() => expect(notices).toStrictEqual(["Redis cannot be used: connection lost"]), IN_TIME);
    await server.restart();
    await vi.waitFor(() => ledger.ping(), IN_TIME);
    expect(notices).toStrictEqual(["Redis cannot be used: connection lost", "Redis can be used again"]);
  });
});
