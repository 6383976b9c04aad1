import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CONTEXT, startUseCaseWorld, type UseCaseWorld } from "../../../test/support/use-case-world.ts";
import type { RobotName } from "../../domain/access/names.ts";
import { MAX_IDENTITY_TOKEN_BYTES } from "../../domain/identity/identity-token.ts";
import { err } from "../../domain/result.ts";
import type { Directory } from "../ports.ts";
import { exchangeIdentityToken } from "./exchange-identity-token.ts";

let world: UseCaseWorld;
beforeEach(async () => {
  world = await startUseCaseWorld({ failureLimit: { perSecond: 0.5, burst: 2 } });
});
afterEach(() => world.close());

function requestOf(subjectToken: string, robot: RobotName = "acme+builder") {
  return { subjectToken, maxTokenBytes: MAX_IDENTITY_TOKEN_BYTES, robot, scopes: [] };
}

async function exchange(claims: Record<string, unknown> = {}, robot?: RobotName) {
  return exchangeIdentityToken(world.deps, requestOf(await world.issuer.sign(claims), robot), CONTEXT);
}

const STRANGER = { sub: "repo:stranger/app:ref:refs/heads/main" };
const limited = (seconds: number) =>
  err({ reason: "rate_limited", retryAfterSeconds: seconds, profile: "generic" });

/** Uses the stranger's burst up. Each refusal waits, and so does the clock: at most a tenth of one comes back. */
async function hammer(): Promise<void> {
  for (let count = 0; count < 2; count += 1) {
    expect(await exchange(STRANGER)).toMatchObject({ error: { reason: "no_match" } });
  }
}

describe("a tenant that has failed as often as it may", () => {
  // attack 70
  it.each(["acme+builder", "acme+nobody", "nowhere+robot"] as const)(
    "is refused before any record is read, whatever robot it asks for: %s",
    async (robot) => {
      await hammer();
      const [trail, waits] = [world.trail.length, world.clock.waits.length];
      world.takeSteps();
      expect(await exchange(STRANGER, robot)).toEqual(limited(2));
      expect(world.takeSteps()).toEqual(["system.findIssuer", "verifier.verify"]);
      expect([world.trail.length, world.clock.waits.length, await world.grants()]).toEqual([
        trail,
        waits,
        [],
      ]);
    },
  );

  it("may try again when it was told to, and no sooner", async () => {
    await hammer();
    world.clock.advance(1799);
    expect(await exchange(STRANGER)).toEqual(limited(1));
    world.clock.advance(1);
    expect(await exchange(STRANGER)).toMatchObject({ error: { reason: "no_match" } });
  });

  it("does not slow down another tenant of the same issuer, at the same robot", async () => {
    await hammer();
    expect(await exchange()).toMatchObject({ ok: true });
  });

  it("keeps its token for a better time", async () => {
    const request = requestOf(await world.issuer.sign(STRANGER));
    await hammer();
    const send = () => exchangeIdentityToken(world.deps, request, CONTEXT);
    expect(await send()).toEqual(limited(2));
    await world.put({ rule: { subject: STRANGER.sub } });
    world.clock.advance(2000);
    expect(await send()).toMatchObject({ ok: true });
  });
});

describe("what counts", () => {
  it("is no success, however many", async () => {
    for (let count = 0; count < 5; count += 1) expect(await exchange()).toMatchObject({ ok: true });
  });

  it("is every failure that is the token's own", async () => {
    const request = requestOf(await world.issuer.sign());
    const reasons: unknown[] = [];
    for (let count = 0; count < 4; count += 1) {
      const exchanged = await exchangeIdentityToken(world.deps, request, CONTEXT);
      reasons.push(exchanged.ok ? "granted" : exchanged.error.reason);
    }
    expect(reasons).toEqual(["granted", "token_used", "token_used", "rate_limited"]);
  });

  it("is no trouble of Berth's own", async () => {
    world.storeClock.advance(11_000);
    for (let count = 0; count < 5; count += 1) {
      expect(await exchange()).toMatchObject({ error: { reason: "clock_skew" } });
    }
    world.breakStore();
    for (let count = 0; count < 5; count += 1) {
      expect(await exchange()).toMatchObject({ error: { reason: "store_unavailable" } });
    }
  });

  it("is counted also of those that ran at once", async () => {
    const tokens = await Promise.all(Array.from({ length: 4 }, () => world.issuer.sign(STRANGER)));
    const directory = meetingPlace(world.deps.directory, tokens.length);
    const answers = await Promise.all(
      tokens.map((token) => exchangeIdentityToken({ ...world.deps, directory }, requestOf(token), CONTEXT)),
    );
    expect(answers).toMatchObject(answers.map(() => ({ error: { reason: "no_match" } })));
    // Two over the burst, and one to have: six seconds, less the tenth of one that the refusals waited.
    expect(await exchange(STRANGER)).toEqual(limited(6));
  });
});

/** A directory that answers nobody before `count` have asked: all of them have passed the limit by then. */
function meetingPlace(directory: Directory, count: number): Directory {
  const everybody = Promise.withResolvers<void>();
  let here = 0;
  return Object.assign(Object.create(directory), {
    findAccount: async (robot: RobotName) => {
      here += 1;
      if (here === count) everybody.resolve();
      await everybody.promise;
      return directory.findAccount(robot);
    },
  });
}
