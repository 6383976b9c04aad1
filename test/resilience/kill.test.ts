import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type BerthWorld, describeOnEachStore, describeOnRedis } from "./support/berth-world.ts";
import { expectAllKept } from "./support/kept-promises.ts";
import type { RunningBerth } from "./support/running-berth.ts";
import type { Traffic } from "./support/traffic.ts";

const KILLS = 3;
/** Credentials handed out before a kill, and after the last one. */
const CREDENTIALS_BETWEEN = 60;
const WITHIN_MS = 20_000;

/** Traffic, and a kill in the middle of it, several times. Ends with no request under way. */
async function runThroughKills(
  world: BerthWorld,
  berth: RunningBerth,
  killAndRecover: (berth: RunningBerth) => Promise<RunningBerth>,
): Promise<{ traffic: Traffic; berth: RunningBerth }> {
  const traffic = world.startTraffic(berth);
  let current = berth;
  for (let kill = 0; kill < KILLS; kill += 1) {
    await traffic.more(CREDENTIALS_BETWEEN);
    const recovery = killAndRecover(current);
    await traffic.interrupt(recovery);
    current = await recovery;
  }
  await traffic.more(CREDENTIALS_BETWEEN);
  await traffic.stop();
  return { traffic, berth: current };
}

describeOnEachStore("kill -9 of Berth under load", (startWorld) => {
  let world: BerthWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  it("loses nothing that was acknowledged, and gives no second credential", async () => {
    const startedAt = performance.now();
    const { traffic, berth } = await runThroughKills(world, await world.start(), async (killed) => {
      await killed.kill();
      return world.start({ port: killed.port });
    });
    await expectAllKept(world, berth, traffic);
    expect(performance.now() - startedAt).toBeLessThan(WITHIN_MS);
  });
});

describeOnRedis("kill -9 of Redis under load", (startWorld) => {
  let world: BerthWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  it("loses nothing that was acknowledged, and the same Berth goes on", async () => {
    const startedAt = performance.now();
    const berth = await world.start();
    const { traffic } = await runThroughKills(world, berth, async () => {
      await world.redis.kill();
      await world.redis.restart();
      await vi.waitFor(async () => expect((await berth.request("/readyz")).status).toBe(200), {
        timeout: 10_000,
        interval: 20,
      });
      return berth;
    });
    await expectAllKept(world, berth, traffic);
    expect(performance.now() - startedAt).toBeLessThan(WITHIN_MS);
  });
});
