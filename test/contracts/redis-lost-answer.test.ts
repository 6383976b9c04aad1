import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { RedisApiTokens } from "../../src/adapters/directory/redis-api-tokens.ts";
import { RedisLedger } from "../../src/adapters/ledger/redis-ledger.ts";
import { systemClock } from "../../src/adapters/runtime/system-clock.ts";
import { UnavailableError } from "../../src/usecases/ports.ts";
import { anApiToken, anEvent } from "../support/baseline.ts";
import { describeWith } from "../support/find-server.ts";
import { type Loss, LossyProxy } from "../support/lossy-proxy.ts";
import { findRedis, type RedisServer, startRedis } from "../support/redis-server.ts";
import { type OpenRedis, openRedis } from "../support/redis-store.ts";
import { aliveIds, grantedIds, MINTED, newHash, newRedemption } from "./ledger/redemptions.ts";

/** Ahead of the birth of an epoch that is new. */
const SOON = 60;

describeWith("redis", findRedis(), "an answer of Redis that is lost", () => {
  let server: RedisServer;
  let proxy: LossyProxy;
  let store: OpenRedis;
  let ledger: RedisLedger;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    proxy = await LossyProxy.start(server.port);
    store = await openRedis(`redis://127.0.0.1:${proxy.port}`, { deadlineMs: 2000 });
    ledger = new RedisLedger(store.connection);
    // Redis knows the scripts from here on, so that the next answer is a script's.
    const first = redemption();
    await ledger.redeem(first);
    await ledger.revoke(first.credential.id, first.credential.issuedAt, first.event);
  });
  afterEach(async () => {
    await store.connection.whenReady();
    await store.close();
    await proxy.stop();
  });

  const redemption = () =>
    newRedemption(systemClock, {
      replayKey: newHash(),
      tokenIssuedAt: Math.floor(systemClock.now() / 1000) + SOON,
    });

  it.each<Loss>(["broken", "silent"])("is asked for again by redeem: %s connection", async (loss) => {
    const sent = redemption();
    proxy.loseNextAnswer(loss);
    expect(await ledger.redeem(sent)).toStrictEqual(MINTED);
    expect(proxy.lost).toBe(1);
    expect(await aliveIds(ledger, [sent])).toStrictEqual([sent.credential.id]);
    const granted = await grantedIds(ledger);
    expect(granted.filter((id) => id === sent.credential.id)).toHaveLength(1);
    expect(await ledger.redeem({ ...redemption(), replayKey: sent.replayKey })).toStrictEqual({
      kind: "used",
    });
  });

  it("is asked for again by a first API token, so that it is not there and known to nobody", async () => {
    const tokens = new RedisApiTokens(store.connection);
    await tokens.add(anApiToken({ hash: newHash() }), anEvent(0));
    const first = anApiToken({ scopes: ["super:user"] });
    proxy.loseNextAnswer("broken");
    expect(await tokens.add(first, anEvent(0), "first")).toBe(true);
    expect(proxy.lost).toBe(1);
    expect(await tokens.find(first.id)).toStrictEqual(first);
  });

  it("is an outage for what is not the same when it is sent again", async () => {
    const sent = redemption();
    await ledger.redeem(sent);
    proxy.loseNextAnswer("broken");
    const { id, issuedAt } = sent.credential;
    await expect(ledger.revoke(id, issuedAt, sent.event)).rejects.toBeInstanceOf(UnavailableError);
    await store.connection.whenReady();
    expect((await ledger.findCredential(id))?.credential.revokedAt).toBe(issuedAt);
  });
});
