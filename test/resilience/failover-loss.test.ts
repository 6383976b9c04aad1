import { afterEach, describe, expect, it } from "vitest";
import { check } from "../../chaos/checker.ts";
import { Random } from "../../chaos/random.ts";
import { type Scene, startScene } from "../../chaos/scene.ts";
import type { Durability } from "../../chaos/stores.ts";
import type { JobToken } from "../../chaos/witness.ts";
import { describeWith } from "../support/find-server.ts";
import type { SentinelFleet } from "../support/redis-fleet-sentinel.ts";
import { isServer } from "../support/redis-fleet-settings.ts";
import { findRedis } from "../support/redis-server.ts";
import { until } from "../support/until.ts";

let scene: Scene | undefined;

async function start(durability: Durability): Promise<{ scene: Scene; fleet: SentinelFleet }> {
  scene = await startScene({ topology: "sentinel", durability, random: new Random(1) });
  if (scene.fleet.kind !== "sentinel") throw new Error("not on Sentinel");
  return { scene, fleet: scene.fleet };
}

/**
 * What the primary takes in while its replicas hear nothing of it; then it dies, one of them takes over, and it comes
 * back as a replica.
 */
async function loseAll(fleet: SentinelFleet, takeIn: () => Promise<void>): Promise<void> {
  const primary = await fleet.primary();
  primary.relay?.cut(isServer);
  await takeIn();
  await primary.kill();
  await fleet.promoted(primary);
  primary.heal();
  await primary.restart();
}

/** Exchanges as often as it takes to be answered; with the retry key, since a 503 may have used the token up. */
function exchange({ witness }: Scene, token: JobToken, how: { readonly retry?: boolean } = {}) {
  return until("an answer", async () => {
    const seen = await witness.exchange(token, 0, how);
    return seen.answer === "unavailable" ? undefined : seen;
  });
}

async function login({ witness }: Scene, secret = -1): Promise<string> {
  return (await witness.login(secret, 1)).answer;
}

describeWith("redis", findRedis(), "a failover to a replica that had heard nothing", () => {
  afterEach(async () => {
    await scene?.stop();
    scene = undefined;
  });

  describe("without the settings that wait for replicas", () => {
    it("gives an identity token a second credential, though the first is dead, and revives a revoked one", async () => {
      const { scene, fleet } = await start("none");
      const { witness } = scene;
      const token = await witness.newJobToken();
      const revoked = (await exchange(scene, await witness.newJobToken())).secret ?? -1;
      let first: number | undefined;
      await loseAll(fleet, async () => {
        first = (await witness.exchange(token, 0)).secret;
        expect(await login(scene, first)).toBe("done");
        expect((await witness.revoke(revoked, 0)).answer).toBe("done");
        expect(await login(scene, revoked)).toBe("refused");
      });
      expect((await exchange(scene, token)).answer).toBe("done");
      await until("the second Berth answers", async () => (await login(scene, revoked)) === "done");
      expect(await login(scene, first)).toBe("refused");
      const broken = check(witness.history).map(({ promise }) => promise);
      expect(new Set(broken)).toEqual(new Set(["one use", "revocation"]));
    });
  });

  describe("with them", () => {
    it("acknowledges nothing that is lost", async () => {
      const { scene, fleet } = await start("wait");
      const { witness } = scene;
      const token = await witness.newJobToken();
      const alive = (await exchange(scene, await witness.newJobToken())).secret ?? -1;
      await loseAll(fleet, async () => {
        expect((await witness.exchange(token, 0, { retry: true })).answer).toBe("unavailable");
        expect((await witness.revoke(alive, 0)).answer).toBe("unavailable");
      });
      expect((await exchange(scene, token, { retry: true })).answer).toBe("done");
      expect((await exchange(scene, token)).reason).toBe("token_used");
      await until("an acknowledgement", async () => (await witness.revoke(alive, 0)).answer === "done");
      await until("the second Berth answers", async () => (await login(scene, alive)) === "refused");
      expect(check(witness.history)).toEqual([]);
    });
  });
});
