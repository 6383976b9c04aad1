import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ADMINISTRATION } from "../../../test/support/admin-robot.ts";
import { addApiToken } from "../../../test/support/api-tokens.ts";
import { aCredential, anEvent, aRedemption, aRule, SERVICE } from "../../../test/support/baseline.ts";
import type { BerthChange } from "../../../test/support/berth-app.ts";
import { startUseCaseWorld, type UseCaseWorld } from "../../../test/support/use-case-world.ts";
import type { ApiToken } from "../../domain/accounts/api-token.ts";
import type { Credential } from "../../domain/accounts/credential.ts";
import {
  credentialId,
  newApiTokenSecret,
  newCredentialSecret,
  newExchangedApiTokenSecret,
  newRobotToken,
  type Secret,
} from "../../domain/accounts/secret.ts";
import { ok } from "../../domain/result.ts";
import { authenticateCaller } from "./authenticate-caller.ts";

let world: UseCaseWorld;
beforeEach(async () => {
  world = await startUseCaseWorld(ADMINISTRATION);
});
afterEach(() => world.close());

const authenticate = (secret: Secret) => authenticateCaller(world.deps, secret.expose());
const UNAUTHENTICATED = { ok: false, error: { reason: "unauthenticated" } };

describe("an API token", () => {
  const add = async (change: Partial<ApiToken> = {}) => {
    const made = await addApiToken(world.deps.apiTokens, world.clock.seconds(), change);
    world.takeSteps();
    return made;
  };

  it("stands for what its record says, in one look", async () => {
    const { secret, record } = await add();
    expect(await authenticate(secret)).toEqual(
      ok({
        actor: `token:${record.id}`,
        scopes: ["super:user"],
        namespaces: "all",
        exchanged: false,
        expiresAt: record.expiresAt,
      }),
    );
    expect(world.takeSteps()).toEqual(["apiTokens.find"]);
  });

  it("is bound to its namespaces, and stands for its user", async () => {
    const { secret } = await add({ scopes: ["org:admin"], namespaces: ["acme", "ann"], user: "ann" });
    expect(await authenticate(secret)).toMatchObject({
      value: { scopes: ["org:admin"], namespaces: ["acme", "ann"], user: "ann" },
    });
  });

  it("lives until the second of its end", async () => {
    const { secret } = await add();
    world.clock.advance(3599_000);
    expect(await authenticate(secret)).toMatchObject({ ok: true });
    world.clock.advance(1000);
    expect(await authenticate(secret)).toMatchObject(UNAUTHENTICATED);
  });

  it("is dead once it was revoked", async () => {
    const { secret, record } = await add();
    await world.deps.apiTokens.remove(record.id, anEvent(world.clock.now(), { kind: "api_token.revoked" }));
    expect(await authenticate(secret)).toMatchObject(UNAUTHENTICATED);
  });

  it("is not another one with the same id", async () => {
    const { secret } = await add({ hash: "cd".repeat(32) });
    expect(await authenticate(secret)).toMatchObject(UNAUTHENTICATED);
  });

  it("that nobody made is none", async () => {
    expect(await authenticate(newApiTokenSecret(world.deps.random))).toMatchObject(UNAUTHENTICATED);
  });
});

describe("an API token that an identity token earned", () => {
  let secret: Secret;
  let record: Credential;

  async function mint(change: Partial<Credential> = {}): Promise<void> {
    secret = newExchangedApiTokenSecret(7, world.deps.random);
    record = {
      ...aCredential(world.clock.seconds(), { issuer: world.issuer.url }),
      ...(await credentialId(secret)),
      grants: [],
      apiScopes: ["rules:write", "robots:write"],
      ...change,
    };
    const redemption = aRedemption(world.clock.now(), { replayKey: record.id, credential: record });
    expect(await world.ledger.redeem(redemption)).toEqual({ kind: "minted" });
    world.takeSteps();
  }
  beforeEach(() => mint());

  it("stands for its run, in its robot's namespace alone", async () => {
    expect(await authenticate(secret)).toEqual(
      ok({
        actor: `acme+builder#${record.id}`,
        scopes: ["rules:write", "robots:write"],
        namespaces: ["acme"],
        exchanged: true,
        expiresAt: record.expiresAt,
      }),
    );
    expect(world.takeSteps()).toEqual([
      "ledger.findCredential",
      "directory.findAccount",
      "system.findIssuer",
    ]);
  });

  it("of a user's robot reaches that user's paths", async () => {
    await world.put({ ...ADMINISTRATION, namespace: { kind: "user" } });
    expect(await authenticate(secret)).toMatchObject({ value: { namespaces: ["acme"], user: "acme" } });
  });

  it("has the scopes of its record alone", async () => {
    await mint({ apiScopes: ["rules:write"] });
    expect(await authenticate(secret)).toMatchObject({ value: { scopes: ["rules:write"] } });
  });

  it("has no scope that its rule has lost, even if the nonce stayed", async () => {
    await world.put({ ...ADMINISTRATION, rule: { apiScopes: ["permissions:write", "robots:write"] } });
    expect(await authenticate(secret)).toMatchObject({ value: { scopes: ["robots:write"] } });
  });

  const other = aRule({ id: "rule-2", subject: "other" });
  it.each<{ what: string; records: BerthChange }>([
    { what: "its rule has none of its scopes", records: { rule: { apiScopes: ["permissions:write"] } } },
    { what: "its rule grants registry access", records: { rule: { ttlSeconds: 900 } } },
    {
      what: "its robot has a permission",
      records: { robot: { permissions: [{ registry: SERVICE, repository: "acme/app", role: "read" }] } },
    },
    { what: "its robot has the catalogue", records: { robot: { permissions: [], catalog: true } } },
    {
      what: "its robot has another rule for registries",
      records: { robot: { permissions: [], rules: [other] } },
    },
    { what: "its rule has a new nonce", records: { rule: { ...ADMINISTRATION.rule, nonce: "new" } } },
    { what: "its rule is disabled", records: { rule: { ...ADMINISTRATION.rule, enabled: false } } },
    { what: "its robot has a new nonce", records: { robot: { permissions: [], nonce: "new" } } },
    { what: "its robot is disabled", records: { robot: { permissions: [], enabled: false } } },
    { what: "its robot is another one of that name", records: { robot: { permissions: [], uid: "new" } } },
    { what: "its namespace has a new nonce", records: { namespace: { nonce: "new" } } },
    { what: "its issuer has a new nonce", records: { issuer: { nonce: "new" } } },
    { what: "its issuer is disabled", records: { issuer: { enabled: false } } },
  ])("is dead when $what", async ({ records }) => {
    await world.put({ ...ADMINISTRATION, ...records });
    expect(await authenticate(secret)).toMatchObject(UNAUTHENTICATED);
  });

  it("is dead beside a rule of its robot that grants registry access", async () => {
    const account = await world.directory.findAccount("acme+builder");
    await world.put({ robot: { permissions: [], rules: [...(account?.robot.rules ?? []), other] } });
    expect(await authenticate(secret)).toMatchObject(UNAUTHENTICATED);
  });

  it.each<{ what: string; end: () => Promise<unknown> }>([
    {
      what: "it was revoked",
      end: () =>
        world.ledger.revoke(
          record.id,
          world.clock.seconds(),
          anEvent(world.clock.now(), { kind: "credential.revoked" }),
        ),
    },
    {
      what: "it has ended",
      end: async () => {
        world.clock.advance(3600_000);
        world.storeClock.advance(3600_000);
      },
    },
    {
      what: "a new epoch has begun",
      end: () => world.ledger.startEpoch(anEvent(world.clock.now(), { kind: "epoch.started" })),
    },
    {
      what: "its robot is gone",
      end: async () => {
        const records = await world.directory.readNamespace("acme");
        await world.directory.commitNamespace({
          name: "acme",
          fromRevision: records?.revision ?? 0,
          namespace: records?.namespace,
          putRobots: [],
          removeRobots: ["acme+builder"],
          event: anEvent(world.clock.now(), { kind: "directory.changed" }),
        });
      },
    },
  ])("is dead when $what", async ({ end }) => {
    await end();
    expect(await authenticate(secret)).toMatchObject(UNAUTHENTICATED);
  });

  it("is no credential of a registry, though the record be one", async () => {
    await mint({ apiScopes: undefined as never });
    expect(await authenticate(secret)).toMatchObject(UNAUTHENTICATED);
  });

  it("is not another one with the same id, and not one that nobody earned", async () => {
    await mint({ hash: "cd".repeat(32) });
    expect(await authenticate(secret)).toMatchObject(UNAUTHENTICATED);
    expect(await authenticate(newExchangedApiTokenSecret(7, world.deps.random))).toMatchObject(
      UNAUTHENTICATED,
    );
  });
});

describe("by its form, without a look-up", () => {
  it.each<{ what: string; text: () => string }>([
    { what: "a robot token", text: () => newRobotToken(world.deps.random).expose() },
    { what: "a credential", text: () => newCredentialSecret(7, world.deps.random).expose() },
    { what: "junk", text: () => "hunter2" },
    { what: "an identity token", text: () => "eyJhbGciOiJFUzI1NiJ9.e30.c2ln" },
    {
      what: "an API token with a digit changed",
      text: () => `${newApiTokenSecret(world.deps.random).expose().slice(0, -1)}!`,
    },
  ])("refuses $what, and says nothing of its text", async ({ text }) => {
    const shown = text();
    const refused = await authenticateCaller(world.deps, shown);
    expect(refused).toMatchObject(UNAUTHENTICATED);
    expect(JSON.stringify(refused)).not.toContain(shown);
    expect(world.takeSteps()).toEqual([]);
  });
});

it("refuses nobody as unauthenticated when the store does not answer", async () => {
  world.breakStore();
  expect(await authenticate(newApiTokenSecret(world.deps.random))).toMatchObject({
    ok: false,
    error: { reason: "store_unavailable" },
  });
});
