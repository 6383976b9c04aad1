import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addApiToken } from "../../../test/support/api-tokens.ts";
import { anIssuer, aRobot, aRule, SERVICE } from "../../../test/support/baseline.ts";
import { ManagementWorld } from "../../../test/support/management-world.ts";
import { mintCredential } from "../../../test/support/minted-credential.ts";
import type { Credential } from "../../domain/accounts/credential.ts";
import type { Robot, RobotToken } from "../../domain/accounts/robot.ts";
import {
  newApiTokenSecret,
  newCredentialSecret,
  newExchangedApiTokenSecret,
  newRobotToken,
  type Secret,
} from "../../domain/accounts/secret.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import { err, ok } from "../../domain/result.ts";
import type { Directory } from "../ports.ts";
import { MAX_ROBOTS_SEARCHED } from "./find-robot-token.ts";
import { introspectToken } from "./introspect-token.ts";

let world: ManagementWorld;
beforeEach(async () => {
  world = new ManagementWorld();
  await world.put();
});
afterEach(() => world.close());

const INACTIVE = ok({ active: false });

function introspect(secret: Secret, directory: Directory = world.directory) {
  return introspectToken({ ...world, directory }, secret.expose());
}

describe("a credential", () => {
  it("is what it may do, until when, and whose", async () => {
    const { secret, credential } = await mintCredential(world);
    expect(await introspect(secret)).toEqual(
      ok({
        active: true,
        token_use: "credential",
        sub: "acme+builder",
        scope: "repository:acme/app:pull,push",
        exp: world.clock.seconds() + 3600,
        iat: world.clock.seconds(),
        jti: credential.id,
      }),
    );
  });

  it.each<{ what: string; change?: Partial<Credential>; prepare?: (id: string) => Promise<unknown> }>([
    { what: "in its last minute", prepare: async () => world.clock.advance(3541_000) },
    { what: "that expired", prepare: async () => world.clock.advance(3600_000) },
    {
      what: "that was revoked",
      prepare: (id) => world.ledger.revoke(id, 5, { kind: "credential.revoked", at: 0, requestId: "set-up" }),
    },
    { what: "whose robot is gone", change: { robot: "acme+nobody" } },
    { what: "whose robot has a new nonce", prepare: () => world.put({ robots: [{ nonce: "new" }] }) },
    { what: "of an issuer that is unknown", change: { issuer: "https://other.example.com" } },
    {
      what: "of an issuer that is disabled",
      prepare: async () => {
        const { revision } = await world.directory.readSystem();
        await world.directory.commitSystem({
          fromRevision: revision,
          putIssuers: [anIssuer({ enabled: false })],
          removeIssuers: [],
          putRegistries: [],
          removeRegistries: [],
          event: { kind: "directory.changed", at: 0, requestId: "set-up" },
        });
      },
    },
    { what: "with another one's id", change: { hash: "cd".repeat(32) } },
  ])("$what is inactive", async ({ change, prepare }) => {
    const { secret, credential } = await mintCredential(world, change);
    await prepare?.(credential.id);
    expect(await introspect(secret)).toEqual(INACTIVE);
  });
});

describe("an API token that an identity token earned", () => {
  const ADMIN = { permissions: [], rules: [aRule({ apiScopes: ["rules:write", "robots:write"] })] } as const;
  const EARNED = { apiScopes: ["robots:write", "permissions:write"], grants: [] } as const;

  it("is what of its scopes its rule gives now", async () => {
    await world.put({ robots: [ADMIN] });
    const { secret, credential } = await mintCredential(world, EARNED);
    expect(await introspect(secret)).toEqual(
      ok({
        active: true,
        token_use: "api_token",
        sub: "acme+builder",
        scope: "robots:write",
        exp: world.clock.seconds() + 3600,
        iat: world.clock.seconds(),
        jti: credential.id,
      }),
    );
  });

  it("is inactive when that is none", async () => {
    const { secret } = await mintCredential(world, EARNED);
    expect(await introspect(secret)).toEqual(INACTIVE);
  });
});

describe("an API token", () => {
  it("is its scopes, until when, and which", async () => {
    const { secret, record } = await addApiToken(world.apiTokens, world.clock.seconds(), {
      scopes: ["org:read", "audit:read"],
    });
    expect(await introspect(secret)).toEqual(
      ok({
        active: true,
        token_use: "api_token",
        sub: `token:${record.id}`,
        scope: "org:read audit:read",
        exp: world.clock.seconds() + 3600,
        iat: world.clock.seconds(),
        jti: record.id,
      }),
    );
  });

  it("is inactive from the second of its end", async () => {
    const { secret } = await addApiToken(world.apiTokens, world.clock.seconds());
    world.clock.advance(3599_000);
    expect(await introspect(secret)).toMatchObject(ok({ active: true }));
    world.clock.advance(1000);
    expect(await introspect(secret)).toEqual(INACTIVE);
  });

  it("is inactive with another one's id", async () => {
    const { secret } = await addApiToken(world.apiTokens, world.clock.seconds(), { hash: "cd".repeat(32) });
    expect(await introspect(secret)).toEqual(INACTIVE);
  });
});

describe("a robot token", () => {
  const secret = newRobotToken((count) => new Uint8Array(count).fill(7));
  const tokenOf = async (change: Partial<RobotToken> = {}): Promise<RobotToken> => ({
    hash: await sha256Hex(secret.expose()),
    number: 3,
    createdAt: 1_700_000_000,
    declared: false,
    ...change,
  });

  it("is what its robot may do, without an end", async () => {
    await world.put({ robots: [{ name: "acme+another" }, { token: await tokenOf() }] });
    expect(await introspect(secret)).toEqual(
      ok({
        active: true,
        token_use: "robot_token",
        sub: "acme+builder",
        scope: "repository:acme/app:pull,push",
        iat: 1_700_000_000,
        jti: "token-3",
      }),
    );
  });

  it("may be the one before, until its end", async () => {
    const exp = world.clock.seconds() + 60;
    const other = await tokenOf({ hash: "cd".repeat(32), number: 4 });
    await world.put({ robots: [{ token: other, previousToken: await tokenOf({ expiresAt: exp }) }] });
    expect(await introspect(secret)).toMatchObject(ok({ active: true, exp }));
    world.clock.advance(1000);
    expect(await introspect(secret)).toEqual(INACTIVE);
    const newer = { ...other, number: 5 };
    await world.put({ robots: [{ token: newer, previousToken: await tokenOf({ expiresAt: exp + 60 }) }] });
    expect(await introspect(secret)).toEqual(INACTIVE);
  });

  it.each<{ what: string; robot: Partial<Robot>; namespace?: { readonly enabled: boolean } }>([
    { what: "of a robot that is disabled", robot: { enabled: false } },
    { what: "of a namespace that is disabled", robot: {}, namespace: { enabled: false } },
  ])("$what is inactive", async ({ robot, namespace = { enabled: true } }) => {
    await world.put({ namespace, robots: [{ ...robot, token: await tokenOf() }] });
    expect(await introspect(secret)).toEqual(INACTIVE);
  });

  it("of a robot that goes in that moment is inactive", async () => {
    await world.put({ robots: [{ token: await tokenOf() }] });
    const directory = Object.assign(Object.create(world.directory), {
      listNamespaces: () => world.directory.listNamespaces(),
      listRobots: (namespace: string, after: string, limit: number) =>
        world.directory.listRobots(namespace, after, limit),
      findAccount: async () => undefined,
    });
    expect(await introspect(secret, directory)).toEqual(INACTIVE);
  });

  it.each([
    { place: "the last that is searched", before: MAX_ROBOTS_SEARCHED - 1, active: true },
    { place: "behind it", before: MAX_ROBOTS_SEARCHED, active: false },
  ])("of $place is active: $active", async ({ before, active }) => {
    const holder = aRobot({ name: "acme+zz", token: await tokenOf() });
    const robots = [
      ...Array.from({ length: before }, (_, at) => aRobot({ name: `acme+r${String(at).padStart(6, "0")}` })),
      holder,
    ];
    const directory = Object.assign(Object.create(world.directory), {
      listNamespaces: () => world.directory.listNamespaces(),
      listRobots: async (_: string, after: string, limit: number) =>
        robots.filter(({ name }) => name > after).slice(0, limit),
      findAccount: async () => ({ namespace: await world.namespace(), robot: holder }),
    });
    expect(await introspect(secret, directory)).toMatchObject(ok({ active }));
  });
});

describe("what nobody issued", () => {
  it.each<[string, () => string]>([
    ["a text", () => "hunter2"],
    ["a credential", () => newCredentialSecret(7, world.deps.random).expose()],
    ["an earned API token", () => newExchangedApiTokenSecret(7, world.deps.random).expose()],
    ["an API token", () => newApiTokenSecret(world.deps.random).expose()],
    ["a robot token", () => newRobotToken(world.deps.random).expose()],
  ])("is inactive: %s", async (_, text) => {
    expect(await introspectToken(world, text())).toEqual(INACTIVE);
  });
});

it("refuses while the store does not answer", async () => {
  const { secret } = await mintCredential(world, {
    grants: [{ registry: SERVICE, repository: "a/b", actions: [] }],
  });
  world.breakStore();
  expect(await introspect(secret)).toMatchObject(err({ reason: "store_unavailable" }));
});
