import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RedisApiTokens } from "../../src/adapters/directory/redis-api-tokens.ts";
import { RedisDirectory } from "../../src/adapters/directory/redis-directory.ts";
import { RedisLedger } from "../../src/adapters/ledger/redis-ledger.ts";
import { connectRedis } from "../../src/adapters/redis/connection.ts";
import { NO_DURABILITY } from "../../src/adapters/redis/options.ts";
import { systemClock } from "../../src/adapters/runtime/system-clock.ts";
import { UnavailableError } from "../../src/usecases/ports.ts";
import { aKey } from "../support/backup-world.ts";
import { anApiToken, anEvent } from "../support/baseline.ts";
import { describeWith, findProgram } from "../support/find-server.ts";
import { findRedis, type RedisServer, startRedis } from "../support/redis-server.ts";
import { type OpenRedis, openRedis } from "../support/redis-store.ts";
import { aNamespaceChange, aSystemChange } from "./directory/changes.ts";
import { aliveIds, MINTED, newHash, newRedemption, redeemAll } from "./ledger/redemptions.ts";

/** Of which a quarter is for the replica. */
const DEADLINE_MS = 1200;
/** Ahead of the birth of an epoch that is new. */
const SOON = 60;
/** A replica follows at once. */
const QUICK = ["--repl-diskless-sync-delay", "0"];
const NOT_KEPT = new UnavailableError("Redis has the write, and too few of its replicas or disks have it");

const VALKEY = findProgram("valkey-server");

const redemption = () =>
  newRedemption(systemClock, {
    replayKey: newHash(),
    tokenIssuedAt: Math.floor(systemClock.now() / 1000) + SOON,
  });

describeWith("redis", findRedis(), "a write that a replica must have, in Redis", replicaSuite);
// Where WAIT speaks of the connection's last write; in Redis 7.0 it speaks of its last command.
describeWith("valkey", VALKEY, "a write that a replica must have, in Valkey", replicaSuite);

describeWith("valkey", VALKEY, "a write that the disk must have", (program) => {
  it.each([
    { fsync: "always", outcome: MINTED },
    { fsync: "no", outcome: NOT_KEPT },
  ])("with appendfsync $fsync", async ({ fsync, outcome }) => {
    const server = await startRedis(["--appendfsync", fsync], program);
    const { connection } = await openRedis(server.url, {
      deadlineMs: DEADLINE_MS,
      durability: { ...NO_DURABILITY, waitAof: true },
    });
    const answer = await new RedisLedger(connection).redeem(redemption()).catch((fault: unknown) => fault);
    expect(answer).toStrictEqual(outcome);
    connection.close();
    await server.stop();
  });
});

function replicaSuite(program: string): void {
  let primary: RedisServer;
  let replica: RedisServer;
  let store: OpenRedis;
  let ledger: RedisLedger;
  let directory: RedisDirectory;
  let tokens: RedisApiTokens;

  beforeEach(async () => {
    primary = await startRedis(QUICK, program);
    replica = await startRedis(["--replicaof", `127.0.0.1 ${primary.port}`], program);
    store = await openRedis(primary.url, {
      deadlineMs: DEADLINE_MS,
      durability: { ...NO_DURABILITY, waitReplicas: 1 },
    });
    ledger = new RedisLedger(store.connection);
    directory = new RedisDirectory(store.connection);
    tokens = new RedisApiTokens(store.connection);
    await vi.waitFor(() => ledger.ping(), { timeout: 15_000, interval: 25 });
  });
  afterEach(async () => {
    store.connection.close();
    // One that writes its first append-only file takes no SIGTERM.
    await Promise.all([replica.kill(), primary.kill()]);
    await Promise.all([replica.stop(), primary.stop()]);
  });

  it("is answered when it has it", async () => {
    const sent = redemption();
    expect(await ledger.redeem(sent)).toStrictEqual(MINTED);
    expect(await store.connection.write("SET", "a", 1)).toBe("OK");
  });

  it("goes with others in one wait, and each has its own answer", async () => {
    const [first, second] = [redemption(), redemption()];
    const again = newRedemption(systemClock, {
      replayKey: first.replayKey,
      tokenIssuedAt: first.tokenIssuedAt,
    });
    const outcomes = await redeemAll(ledger, [first, again, second]);
    expect(outcomes).toStrictEqual([MINTED, { kind: "used" }, MINTED]);
  });

  it("reads nothing more from a primary that has become a replica", async () => {
    const sent = redemption();
    await ledger.redeem(sent);
    const admin = new Redis(primary.url);
    await admin.replicaof("127.0.0.1", replica.port);
    await expect(ledger.redeem(redemption())).rejects.toBeInstanceOf(UnavailableError);
    await expect(ledger.findCredential(sent.credential.id)).rejects.toBeInstanceOf(UnavailableError);
    admin.disconnect();
  });

  describe("while the replica is silent", () => {
    const writes: readonly { what: string; write: () => Promise<unknown> }[] = [
      { what: "an exchange", write: () => ledger.redeem(redemption()) },
      { what: "a new epoch", write: () => ledger.startEpoch(anEvent(0, { kind: "epoch.started" })) },
      { what: "a namespace", write: () => directory.commitNamespace(aNamespaceChange()) },
      { what: "issuers and registries", write: () => directory.commitSystem(aSystemChange()) },
      { what: "an API token", write: () => tokens.add(anApiToken(), anEvent(0)) },
      { what: "the end of an API token", write: () => tokens.remove("none", anEvent(0)) },
      { what: "a key", write: () => directory.addKey(aKey("a key")) },
      { what: "readiness", write: () => ledger.ping() },
      { what: "what is found of a namespace", write: () => directory.confirm("acme") },
      { what: "what is found of issuers", write: () => directory.confirm() },
    ];
    it.each(writes)("$what is an outage", async ({ write }) => {
      replica.pause();
      await expect(write()).rejects.toStrictEqual(NOT_KEPT);
      replica.resume();
    });

    it("an exchange has used its identity token, and its credential is known to nobody", async () => {
      const sent = redemption();
      replica.pause();
      await expect(ledger.redeem(sent)).rejects.toStrictEqual(NOT_KEPT);
      replica.resume();
      const again = newRedemption(systemClock, {
        replayKey: sent.replayKey,
        tokenIssuedAt: sent.tokenIssuedAt,
      });
      await vi.waitFor(async () => expect(await ledger.redeem(again)).toStrictEqual({ kind: "used" }));
    });

    it("a revocation that another process has made is not acknowledged for that", async () => {
      const sent = redemption();
      const { credential, event } = sent;
      await ledger.redeem(sent);
      const elsewhere = connectRedis({
        url: primary.url,
        keyPrefix: store.connection.keyPrefix,
        deadlineMs: DEADLINE_MS,
        durability: { ...NO_DURABILITY, waitReplicas: 1 },
      });
      await elsewhere.whenReady();
      const another = new RedisLedger(elsewhere);
      replica.pause();
      await expect(ledger.revoke(credential.id, credential.issuedAt, event)).rejects.toStrictEqual(NOT_KEPT);
      // It stands, and a failover may lose it: "unchanged" would be believed.
      const revoke = () => another.revoke(credential.id, credential.issuedAt, event);
      await expect(revoke()).rejects.toStrictEqual(NOT_KEPT);
      replica.resume();
      await vi.waitFor(async () => expect(await revoke()).toBe("unchanged"));
      elsewhere.close();
    });

    it("a server may start: what is kept needs nobody", async () => {
      await ledger.open();
      replica.pause();
      await expect(ledger.open()).resolves.toBeUndefined();
      replica.resume();
    });

    it("what has waited too long is not sent, and what would is not taken", async () => {
      replica.pause();
      const keys = Array.from({ length: 5000 }, (_, at) => `${store.connection.keyPrefix}${at}`);
      const answers = await Promise.allSettled(keys.map((key) => store.connection.write("SET", key, 1)));
      expect(answers.filter(({ status }) => status === "fulfilled")).toEqual([]);
      replica.resume();
      // Sent after all of those that waited.
      await vi.waitFor(() => store.connection.write("SET", "last", 1), { timeout: 5000 });
      const there = await store.connection.send("", (client) => client.exists(...keys));
      expect(there).toBeGreaterThan(0);
      // A wait of a quarter of the deadline for each 256.
      expect(there).toBeLessThanOrEqual(5 * 256);
    });

    it("reads do not wait behind writes", async () => {
      const sent = redemption();
      await ledger.redeem(sent);
      replica.pause();
      const written = ledger.redeem(redemption()).catch((fault: unknown) => fault);
      let isWritten = false;
      void written.then(() => {
        isWritten = true;
      });
      expect(await aliveIds(ledger, [sent])).toStrictEqual([sent.credential.id]);
      expect(isWritten).toBe(false);
      expect(await written).toStrictEqual(NOT_KEPT);
      replica.resume();
    });
  });
}
