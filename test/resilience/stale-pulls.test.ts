import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { grantedScopes } from "../support/registry-claims.ts";
import { type Answer, credentialFor, registryToken } from "../support/requests.ts";
import { type BerthWorld, describeOnRedis } from "./support/berth-world.ts";
import { operatorOf } from "./support/operator.ts";
import type { RunningBerth } from "./support/running-berth.ts";

const RECOVERY = { timeout: 30_000, interval: 20 };
const PUSH = "repository:acme/app:pull,push";
const PULL = "repository:acme/app:pull";
const STALE = { env: { BERTH_STALE_PULLS: "300" } };

describeOnRedis("while Redis is gone", (startWorld) => {
  let world: BerthWorld;
  let robotToken: string;
  beforeEach(async () => {
    world = await startWorld();
    // The declaration is applied by a server.
    await (await world.start()).stop();
    robotToken = (await world.command({}, "robots", "token", "acme+builder")).stdout.trim();
  });
  afterEach(() => world.close());

  const ask = (berth: RunningBerth, password: string): Promise<Answer> =>
    registryToken(berth, { password, scopes: [PUSH] });

  it("a robot token that was verified gets pulls, nobody else anything, and the record has it later", async () => {
    const berth = await world.start(STALE);
    const credential = await credentialFor(berth, await world.issuer.sign());
    expect(grantedScopes(await ask(berth, robotToken))).toEqual([PUSH]);
    expect(grantedScopes(await ask(berth, credential))).toEqual([PUSH]);
    await world.redis.kill();

    await vi.waitFor(
      async () => expect(grantedScopes(await ask(berth, robotToken))).toEqual([PULL]),
      RECOVERY,
    );
    expect((await ask(berth, credential)).status).toBe(503);
    expect((await registryToken(berth, { username: "acme+other", password: robotToken })).status).toBe(503);
    expect((await berth.request("/readyz")).status).toBe(503);

    await world.redis.restart();
    await vi.waitFor(
      async () => expect(grantedScopes(await ask(berth, robotToken))).toEqual([PUSH]),
      RECOVERY,
    );
    await vi.waitFor(async () => {
      const stale = (await world.events()).filter(({ reason }) => reason === "store_unavailable");
      expect(stale.map(({ kind, robot, scope }) => [kind, robot, scope])).toContainEqual([
        "registry_token.granted",
        "acme+builder",
        PULL,
      ]);
    }, RECOVERY);
  });

  it("nobody gets anything where it is off, nor by a token that this process has not verified", async () => {
    const [off, fresh] = [await world.start(), await world.start(STALE)];
    expect((await ask(off, robotToken)).status).toBe(200);
    await world.redis.kill();
    await vi.waitFor(async () => expect((await ask(off, robotToken)).status).toBe(503), RECOVERY);
    expect((await ask(fresh, robotToken)).status).toBe(503);
  });

  it("a robot token that was replaced over this process's own API gets nothing", async () => {
    const berth = await world.start(STALE);
    expect((await ask(berth, robotToken)).status).toBe(200);
    const operate = await operatorOf(world, berth);
    await operate("POST", "/namespaces/acme/robots/builder/token");
    await world.redis.kill();
    await vi.waitFor(async () => expect((await ask(berth, robotToken)).status).toBe(503), RECOVERY);
  });
});
