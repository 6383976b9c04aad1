import { afterEach, beforeEach, expect, it } from "vitest";
import { aCredential, aRedemption } from "../../../test/support/baseline.ts";
import { startUseCaseWorld, type UseCaseWorld } from "../../../test/support/use-case-world.ts";
import { startEpoch } from "./start-epoch.ts";

let world: UseCaseWorld;
beforeEach(async () => {
  world = await startUseCaseWorld();
});
afterEach(() => world.close());

it("ends every credential, refuses older tokens, and leaves one event", async () => {
  const redemption = aRedemption(world.clock.now());
  await world.ledger.redeem(redemption);
  world.storeClock.advance(2000);
  await startEpoch(world.deps, "request-9");
  expect(await world.ledger.findCredential(redemption.credential.id)).toMatchObject({ epochStands: false });
  const older = aRedemption(world.clock.now(), {
    replayKey: "08".repeat(32),
    credential: aCredential(world.clock.seconds(), { hash: "cd".repeat(32) }),
  });
  expect(await world.ledger.redeem(older)).toEqual({ kind: "predates_epoch" });
  const [event] = await world.ledger.readEvents(1);
  expect(event).toEqual({ kind: "epoch.started", at: world.clock.now(), requestId: "request-9" });
});
