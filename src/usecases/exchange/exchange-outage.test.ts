import { afterEach, beforeEach, expect, it } from "vitest";
import { CONTEXT, startUseCaseWorld, type UseCaseWorld } from "../../../test/support/use-case-world.ts";
import type { RobotName } from "../../domain/access/names.ts";
import { MAX_IDENTITY_TOKEN_BYTES } from "../../domain/identity/identity-token.ts";
import { err } from "../../domain/result.ts";
import type { Directory } from "../ports.ts";
import { exchangeIdentityToken } from "./exchange-identity-token.ts";

let world: UseCaseWorld;
beforeEach(async () => {
  world = await startUseCaseWorld();
});
afterEach(() => world.close());

const REFUSED = err({ reason: "store_unavailable", detail: "the store did not answer: closed" });
const MATCHED = ["system.findIssuer", "verifier.verify", "directory.findAccount"];

function exchange(subjectToken: string, directory: Directory = world.deps.directory) {
  const request = { subjectToken, maxTokenBytes: MAX_IDENTITY_TOKEN_BYTES, robot: "acme+builder" as const };
  return exchangeIdentityToken({ ...world.deps, directory }, { ...request, scopes: [] }, CONTEXT);
}

it("refuses at once, whoever asks, while the store does not answer", async () => {
  // Issuers are read once a second: what is left to fail is the robot's record.
  expect(await exchange(await world.issuer.sign())).toMatchObject({ ok: true });
  world.breakStore();
  world.takeSteps();
  expect(await exchange(await world.issuer.sign())).toEqual(REFUSED);
  expect(world.takeSteps()).toEqual(MATCHED);
  expect(await exchange(await world.issuer.sign({ sub: "nobody" }))).toEqual(REFUSED);
  expect([world.trail, world.clock.waits]).toEqual([[], []]);
});

it("hands nothing out when the store is lost between the match and the redemption", async () => {
  const { directory } = world.deps;
  const lost: Directory = Object.assign(Object.create(directory), {
    findAccount: async (robot: RobotName) => {
      const account = await directory.findAccount(robot);
      world.breakStore();
      return account;
    },
  });
  expect(await exchange(await world.issuer.sign(), lost)).toEqual(REFUSED);
  expect(world.takeSteps()).toEqual([...MATCHED, "ledger.redeem"]);
});
