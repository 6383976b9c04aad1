import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { anApiToken, anEvent } from "../support/baseline.ts";
import { credentialFor, exchange, registryToken } from "../support/requests.ts";
import { type BerthWorld, describeOnEachStore } from "./support/berth-world.ts";

/** Several batches, so that a kill finds the collector in the middle. */
const EXPIRED = 6000;
const EACH_SECOND = { env: { BERTH_COLLECT_SECONDS: "1" } };

describeOnEachStore("kill -9 of a collector", (startWorld) => {
  let world: BerthWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  it("leaves the rest to another, and nothing that lives goes", async () => {
    const quiet = await world.start({ env: { BERTH_COLLECT_SECONDS: "0" } });
    const identityToken = await world.issuer.sign();
    const credential = await credentialFor(quiet, identityToken);
    const alive = anApiToken({ expiresAt: Math.floor(Date.now() / 1000) + 3600 });
    await world.withStore(async ({ apiTokens }) => {
      await apiTokens.add(alive, anEvent(0));
      for (let at = 0; at < EXPIRED; at += 1) {
        const hash = randomBytes(32).toString("hex");
        await apiTokens.add(anApiToken({ id: hash.slice(0, 32), hash, expiresAt: 1000 }), anEvent(0));
      }
    });

    const collectors = await Promise.all([world.start(EACH_SECOND), world.start(EACH_SECOND)]);
    await world.withStore(async ({ apiTokens }) => {
      const left = async () => (await apiTokens.list()).length - 1;
      await vi.waitUntil(async () => (await left()) < EXPIRED, { timeout: 30_000, interval: 1 });
      await collectors[0].kill();
      // Past the lease of the one that was killed, where it was that one's.
      await vi.waitUntil(async () => (await left()) === 0, { timeout: 60_000, interval: 50 });
      expect(await apiTokens.list()).toEqual([alive]);
    });

    const { code, stdout } = await world.command({}, "collect");
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^(another process collects|robots of removed namespaces: 0\n)/),
    ]);
    expect((await exchange(quiet, identityToken)).body.reason).toBe("token_used");
    expect((await registryToken(quiet, { password: credential })).status).toBe(200);
    expect(collectors[1].output()).toMatch(/"message":"collected"/);
  });
});
