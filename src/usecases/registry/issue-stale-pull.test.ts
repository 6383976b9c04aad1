import { decodeJwt } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aRegistry, SERVICE } from "../../../test/support/baseline.ts";
import { CONTEXT, startUseCaseWorld, type UseCaseWorld } from "../../../test/support/use-case-world.ts";
import { CachedSystem } from "../../adapters/directory/cached-system.ts";
import { watchDirectory } from "../../adapters/directory/watched-directory.ts";
import { NodeSigner } from "../../adapters/keys/node-signer.ts";
import { parseDockerScopes } from "../../domain/access/docker-scope.ts";
import type { RobotName } from "../../domain/access/names.ts";
import { newCredentialSecret, newRobotToken, type Secret } from "../../domain/accounts/secret.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import { err } from "../../domain/result.ts";
import { exchangeIdentityToken } from "../exchange/exchange-identity-token.ts";
import { UnavailableError } from "../ports.ts";
import { issueRegistryToken, type RegistryTokenDeps } from "./issue-registry-token.ts";
import { VerifiedRobotTokens } from "./verified-robot-tokens.ts";

const MAX_AGE = 600;
const USER = "acme+builder";
const PULL = { type: "repository", name: "acme/app", actions: ["pull"] };

let world: UseCaseWorld;
let deps: RegistryTokenDeps;
let robotToken: Secret;
let storeIsDown: boolean;
beforeEach(async () => {
  world = await startUseCaseWorld({ registries: [aRegistry({ anonymousPull: ["acme/*"] })] });
  robotToken = newRobotToken(world.deps.random);
  const hash = await sha256Hex(robotToken.expose());
  await world.put({
    registries: [aRegistry({ anonymousPull: ["acme/*"] })],
    robot: { token: { hash, number: 3, createdAt: 1, declared: false } },
  });
  storeIsDown = false;
  deps = withStalePulls();
  world.takeSteps();
});
afterEach(() => world.close());

/** The world's use case on a store that can be down and come back, with what it needs for stale pulls. */
function withStalePulls(): RegistryTokenDeps {
  const { clock } = world.deps;
  const outage = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, property) => {
        const member: unknown = Reflect.get(target, property, target);
        if (typeof member !== "function") return member;
        return async (...args: unknown[]) => {
          if (storeIsDown) throw new UnavailableError("it does not answer");
          return member.apply(target, args);
        };
      },
    });
  const tokens = new VerifiedRobotTokens(clock, MAX_AGE);
  const directory = watchDirectory(outage(world.deps.directory), tokens);
  const system = new CachedSystem(directory, clock);
  const signer = new NodeSigner(world.keys.lastGood(MAX_AGE * 1000));
  return {
    ...world.deps,
    directory,
    ledger: outage(world.deps.ledger),
    system,
    stalePulls: { tokens, system: system.lastGood(MAX_AGE * 1000), signer },
  };
}

interface Asked {
  readonly service?: string;
  readonly scope?: string;
  readonly username?: string;
  readonly password?: string;
}

function ask({ service = SERVICE, scope = "repository:acme/app:pull", ...login }: Asked = {}) {
  const { username = USER, password = robotToken.expose() } = login;
  const request = { service, scopes: parseDockerScopes([scope]), login: { username, password } };
  return issueRegistryToken(deps, request, CONTEXT);
}

async function granted(asked: Asked = {}) {
  const outcome = await ask(asked);
  if (!outcome.ok) throw new Error(outcome.error.reason);
  return { ...outcome.value, claims: decodeJwt(outcome.value.token) };
}

/** The store goes down `seconds` after the robot token was verified, past the second of every cache. */
async function goDown(seconds = 2): Promise<void> {
  await granted();
  world.trail.length = 0;
  storeIsDown = true;
  world.clock.advance(seconds * 1000);
}

const UNAVAILABLE = err({ reason: "store_unavailable", detail: "it does not answer" });

describe("while the store is down, a robot token that was verified", () => {
  it("gets pulls, for the time of a registry token", async () => {
    await goDown();
    const { claims, expiresIn, stale, actor } = await granted();
    expect([stale, expiresIn, actor]).toEqual([true, 300, "acme+builder#token-3"]);
    expect(claims).toMatchObject({ sub: "acme+builder#token-3", aud: SERVICE, access: [PULL] });
  });

  it("gets no push with it, and no catalogue", async () => {
    await goDown();
    const scope = "repository:acme/app:pull,push,delete registry:catalog:*";
    expect((await granted({ scope })).claims.access).toEqual([PULL]);
    expect((await granted({ scope: "repository:acme/app:push" })).claims.access).toEqual([]);
  });

  it("gets none of what the robot does not have", async () => {
    await goDown();
    expect((await granted({ scope: "repository:acme/other:pull" })).claims.access).toEqual([]);
  });

  it("gets none that would live longer than the verification is good for", async () => {
    await goDown(MAX_AGE - 100);
    expect(await granted()).toMatchObject({ stale: true, expiresIn: 100 });
    world.clock.advance(41_000);
    expect(await ask()).toEqual(UNAVAILABLE);
  });

  it("leaves an event that says so", async () => {
    await goDown(5);
    await granted();
    expect(world.trail).toEqual([
      {
        kind: "registry_token.granted",
        at: world.clock.now(),
        ...CONTEXT,
        registry: SERVICE,
        robot: USER,
        scope: "repository:acme/app:pull",
        reason: "store_unavailable",
        detail: "stale: verified 5 s before",
      },
    ]);
  });

  it("gets what it is due once the store is back", async () => {
    await goDown();
    await granted();
    storeIsDown = false;
    const { claims, stale } = await granted({ scope: "repository:acme/app:pull,push" });
    expect([stale, claims.access]).toEqual([undefined, [{ ...PULL, actions: ["pull", "push"] }]]);
  });

  it("gets nothing once this process has seen the robot disabled", async () => {
    await granted();
    await world.put({ robot: { enabled: false } });
    await deps.directory.findAccount(USER);
    storeIsDown = true;
    world.clock.advance(2000);
    expect(await ask()).toEqual(UNAVAILABLE);
  });
});

describe("while the store is down, nothing is there", () => {
  const stranger = () => newRobotToken(world.deps.random).expose();

  it.each<[string, () => Asked]>([
    ["for another robot token, right or wrong", () => ({ password: stranger() })],
    ["for another robot's name", () => ({ username: "acme+other" })],
    ["for what is no robot's name", () => ({ username: "builder" })],
    ["for a password of no class", () => ({ password: "hunter2" })],
    ["at a registry that was not there", () => ({ service: "other.example.com" })],
  ])("%s", async (_, asked) => {
    await goDown();
    expect(await ask(asked())).toEqual(UNAVAILABLE);
    expect(world.trail).toEqual([]);
  });

  it("for a credential, though it was verified a moment ago", async () => {
    const identity = { subjectToken: await world.issuer.sign(), maxTokenBytes: 16_384, scopes: [] };
    const robot: RobotName = USER;
    const exchanged = await exchangeIdentityToken(world.deps, { ...identity, robot }, CONTEXT);
    if (!exchanged.ok) throw new Error(exchanged.error.reason);
    const password = exchanged.value.credential.expose();
    expect(await ask({ password })).toMatchObject({ ok: true });
    await goDown();
    expect(await ask({ password })).toEqual(UNAVAILABLE);
    expect(await ask({ password: newCredentialSecret(7, world.deps.random).expose() })).toEqual(UNAVAILABLE);
  });

  it("without a login, though anybody may pull", async () => {
    await goDown();
    const request = { service: SERVICE, scopes: parseDockerScopes(["repository:acme/app:pull"]) };
    expect(await issueRegistryToken(deps, request, CONTEXT)).toEqual(UNAVAILABLE);
  });

  it("for a robot token that was refused while the store was up", async () => {
    await world.put({ robot: {} });
    expect(await ask()).toMatchObject(err({ reason: "credentials_invalid" }));
    storeIsDown = true;
    world.clock.advance(2000);
    expect(await ask()).toEqual(UNAVAILABLE);
  });

  it("where registries, or keys, were not read in time", async () => {
    await goDown();
    const { stalePulls } = deps;
    if (stalePulls === undefined) throw new Error("off");
    const never = async () => {
      throw new UnavailableError("too long ago");
    };
    for (const change of [{ system: { findRegistry: never } }, { signer: { sign: never } }]) {
      deps = { ...deps, stalePulls: { ...stalePulls, ...change } };
      expect(await ask()).toEqual(err({ reason: "store_unavailable", detail: "too long ago" }));
    }
  });

  it("where it is turned off", async () => {
    const { stalePulls: _, ...off } = deps;
    deps = off;
    await goDown();
    expect(await ask()).toEqual(UNAVAILABLE);
  });
});

it("does nothing for any other refusal, or fault", async () => {
  await goDown();
  storeIsDown = false;
  expect(await ask({ service: "other.example.com" })).toEqual(err({ reason: "service_unknown" }));
  deps = {
    ...deps,
    directory: { ...deps.directory, findAccount: () => Promise.reject(new TypeError("a bug")) },
  };
  await expect(ask()).rejects.toThrow("a bug");
});

it("does nothing while the store answers, though the robot token is still remembered", async () => {
  await granted();
  // Not watched: nothing tells the memory.
  deps = { ...deps, directory: world.deps.directory };
  await world.put({ robot: {} });
  expect(await ask()).toMatchObject(err({ reason: "credentials_invalid" }));
});
