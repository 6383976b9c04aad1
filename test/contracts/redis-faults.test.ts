import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RedisDirectory } from "../../src/adapters/directory/redis-directory.ts";
import { ShardKeys } from "../../src/adapters/ledger/redis-keys.ts";
import { RedisLedger } from "../../src/adapters/ledger/redis-ledger.ts";
import { connectRedis } from "../../src/adapters/redis/connection.ts";
import { systemClock } from "../../src/adapters/runtime/system-clock.ts";
import { UnavailableError } from "../../src/usecases/ports.ts";
import type { Redemption } from "../../src/usecases/store-records.ts";
import { describeWith } from "../support/find-server.ts";
import { findRedis, type RedisServer, startRedis } from "../support/redis-server.ts";
import { type OpenRedis, openRedis } from "../support/redis-store.ts";
import { SlowRelay } from "../support/slow-relay.ts";
import { aNamespaceChange } from "./directory/changes.ts";
import { aliveIds, MINTED, newHash, newRedemption } from "./ledger/redemptions.ts";

const DEADLINE_MS = 400;
/** For a machine that is busy; without a deadline a call would never end. */
const SLACK_MS = 2000;
const SOON = 60;

/** Some hundredths of a second for each key, and it answers meanwhile: as with much data. */
const SLOW_LOADING = ["--key-load-delay", "50000", "--loading-process-events-interval-bytes", "1024"];

interface Fault {
  readonly name: string;
  /** Redis may serve reads while it refuses writes. */
  readonly stopsReads: boolean;
  start(server: RedisServer, admin: Redis): Promise<unknown> | unknown;
  end(server: RedisServer, admin: Redis): Promise<unknown> | unknown;
}

const FAULTS: readonly Fault[] = [
  {
    name: "stands still",
    stopsReads: true,
    start: (server) => server.pause(),
    end: (server) => server.resume(),
  },
  {
    name: "takes no writes for a while",
    stopsReads: false,
    start: (_, admin) => admin.client("PAUSE", 60_000, "WRITE"),
    end: (_, admin) => admin.client("UNPAUSE"),
  },
  {
    name: "is killed",
    stopsReads: true,
    start: (server) => server.kill(),
    end: (server) => server.restart(),
  },
  {
    name: "becomes a replica",
    // Until a write has shown it; from then on nothing is read there.
    stopsReads: true,
    start: (_, admin) => admin.replicaof("127.0.0.1", 1),
    end: (_, admin) => admin.replicaof("NO", "ONE"),
  },
  {
    name: "has no memory left",
    stopsReads: false,
    start: (_, admin) => admin.config("SET", "maxmemory", 1),
    end: (_, admin) => admin.config("SET", "maxmemory", 0),
  },
  {
    name: "has too few replicas",
    stopsReads: false,
    start: (_, admin) => admin.config("SET", "min-replicas-to-write", 1),
    end: (_, admin) => admin.config("SET", "min-replicas-to-write", 0),
  },
];

describeWith("redis", findRedis(), "Redis in trouble", () => {
  let server: RedisServer;
  let store: OpenRedis;
  let admin: Redis;
  let ledger: RedisLedger;
  let directory: RedisDirectory;

  beforeEach(async () => {
    server = await startRedis(SLOW_LOADING);
    admin = new Redis(server.url);
    admin.on("error", () => undefined);
    store = await openRedis(server.url, { deadlineMs: DEADLINE_MS });
    ledger = new RedisLedger(store.connection);
    directory = new RedisDirectory(store.connection);
    await ledger.redeem(redemption());
    await directory.commitNamespace(aNamespaceChange());
  });
  afterEach(async () => {
    store.connection.close();
    admin.disconnect();
    await server.stop();
  });

  const redemption = (change: Partial<Redemption> = {}) =>
    newRedemption(systemClock, {
      replayKey: newHash(),
      tokenIssuedAt: Math.floor(systemClock.now() / 1000) + SOON,
      ...change,
    });

  async function expectOutage(call: Promise<unknown>): Promise<void> {
    const startedAt = performance.now();
    await expect(call).rejects.toBeInstanceOf(UnavailableError);
    expect(performance.now() - startedAt).toBeLessThan(DEADLINE_MS + SLACK_MS);
  }

  describe.each(FAULTS)("that $name", ({ stopsReads, start, end }) => {
    // attack 8
    it("is an outage within the deadline, and over when it is over", async () => {
      await start(server, admin);
      const refused = redemption();
      await expectOutage(ledger.redeem(refused));
      await expectOutage(directory.commitNamespace(aNamespaceChange({ fromRevision: 1 })));
      if (stopsReads) {
        await expectOutage(ledger.findCredential(refused.credential.id));
        await expectOutage(directory.findAccount("acme+builder"));
      }
      await end(server, admin);
      await vi.waitFor(() => ledger.redeem(redemption()), { timeout: 15_000, interval: 25 });
      // Its answer was an outage, so its credential is known to nobody; the token is good for one at most.
      const again = redemption({ replayKey: refused.replayKey });
      await ledger.redeem(again);
      expect(await aliveIds(ledger, [refused, again])).toHaveLength(1);
      expect((await directory.findAccount("acme+builder"))?.robot.name).toBe("acme+builder");
    });
  });

  it("that answers too late is an outage within the deadline, and is none when it is swift again", async () => {
    const relay = await SlowRelay.start(server.port);
    const slow = await openRedis(relay.url, { deadlineMs: DEADLINE_MS });
    const far = new RedisLedger(slow.connection);
    relay.delayMs = 2 * DEADLINE_MS;
    const refused = redemption();
    await expectOutage(far.redeem(refused));
    relay.delayMs = 0;
    await vi.waitFor(() => far.redeem(redemption()), { timeout: 15_000, interval: 25 });
    const again = redemption({ replayKey: refused.replayKey });
    await far.redeem(again);
    expect(await aliveIds(far, [refused, again])).toHaveLength(1);
    slow.connection.close();
    await relay.stop();
  });

  it("that loads its data is an outage until it has", async () => {
    const sent = redemption();
    await ledger.redeem(sent);
    // What was written as commands is loaded without a look at who asks.
    await admin.bgrewriteaof();
    const told = async (client: Redis, line: string) => (await client.info("persistence")).includes(line);
    const IN_TIME = { timeout: 10_000, interval: 10 };
    await vi.waitUntil(async () => !(await told(admin, "aof_rewrites:0")), IN_TIME);
    await vi.waitUntil(() => told(admin, "aof_rewrite_in_progress:0"), IN_TIME);
    await server.kill();
    const restarted = server.restart();
    const witness = new Redis(server.url, { enableReadyCheck: false });
    witness.on("error", () => undefined);
    await vi.waitUntil(() => told(witness, "loading:1"), IN_TIME);
    witness.disconnect();
    await expectOutage(ledger.redeem(redemption()));
    await expectOutage(ledger.findCredential(sent.credential.id));
    await restarted;
    await vi.waitFor(() => ledger.redeem(redemption()), { timeout: 15_000, interval: 25 });
    expect(await aliveIds(ledger, [sent])).toHaveLength(1);
  });

  it("that is a minute off mints nothing and marks nothing", async () => {
    const minute = 60_000;
    const sent = redemption();
    for (const now of [systemClock.now() + minute, systemClock.now() - minute]) {
      expect(await ledger.redeem({ ...sent, now })).toStrictEqual({ kind: "clock_skew" });
    }
    expect(await aliveIds(ledger, [sent])).toStrictEqual([]);
    expect(await ledger.redeem(sent)).toStrictEqual(MINTED);
  });

  it("that has not the database of the URL is not used: another one's records are there", async () => {
    const url = `${server.url}/99`;
    const elsewhere = connectRedis({ url, keyPrefix: store.connection.keyPrefix, deadlineMs: DEADLINE_MS });
    await expect(elsewhere.whenReady()).rejects.toStrictEqual(
      new UnavailableError("Redis cannot be used: ERR"),
    );
    await expectOutage(new RedisLedger(elsewhere).redeem(redemption()));
    elsewhere.close();
  });

  it("that has forgotten the scripts gets them again", async () => {
    await admin.script("FLUSH");
    expect(await ledger.redeem(redemption())).toStrictEqual(MINTED);
    expect((await directory.findAccount("acme+builder"))?.robot.name).toBe("acme+builder");
  });

  describe("that holds another type under a key", () => {
    const keysOf = (sent: Redemption) => {
      const shard = new ShardKeys(store.connection.keyPrefix, sent.shard);
      const { id, robotUid } = sent.credential;
      return [
        shard.epoch,
        shard.mark(sent.replayKey),
        shard.credential(id),
        shard.robot(robotUid),
        shard.reusable(robotUid),
        shard.audit,
        shard.live,
      ];
    };
    const dumpAll = (keys: readonly string[]) => Promise.all(keys.map((key) => admin.dumpBuffer(key)));

    it.each([
      ["the epoch", 0],
      ["the mark", 1],
      ["the credential", 2],
      ["the robot", 3],
      ["the reusable credentials", 4],
      ["the audit record", 5],
      ["the list of credentials", 6],
    ])("of %s mints nothing and writes nothing", async (_, at) => {
      const sent = redemption();
      const broken = keysOf(sent)[at] ?? "";
      await admin.del(broken);
      await admin.sadd(broken, "a");
      const before = await dumpAll(keysOf(sent));
      await expectOutage(ledger.redeem(sent));
      expect(await dumpAll(keysOf(sent))).toStrictEqual(before);
    });
  });

  it("names a code and nothing that was sent", async () => {
    const sent = redemption();
    const key = new ShardKeys(store.connection.keyPrefix, sent.shard).mark(sent.replayKey);
    await admin.hset(key, "a", "b");
    const fault: unknown = await ledger.redeem(sent).catch((caught: unknown) => caught);
    expect(fault).toStrictEqual(new UnavailableError("Redis refused a command: WRONGTYPE"));
  });
});
