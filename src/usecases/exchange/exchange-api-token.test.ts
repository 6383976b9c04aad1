import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ADMINISTRATION } from "../../../test/support/admin-robot.ts";
import { SERVICE, SUBJECT } from "../../../test/support/baseline.ts";
import type { BerthChange } from "../../../test/support/berth-app.ts";
import { CONTEXT, startUseCaseWorld, type UseCaseWorld } from "../../../test/support/use-case-world.ts";
import { parseDockerScopes } from "../../domain/access/docker-scope.ts";
import { credentialId } from "../../domain/accounts/secret.ts";
import { MAX_IDENTITY_TOKEN_BYTES } from "../../domain/identity/identity-token.ts";
import { type ExchangeRequest, exchangeIdentityToken } from "./exchange-identity-token.ts";
import { revokeCredential } from "./revoke-credential.ts";

let world: UseCaseWorld;
beforeEach(async () => {
  world = await startUseCaseWorld(ADMINISTRATION);
});
afterEach(() => world.close());

function exchange(subjectToken: string, change: Partial<ExchangeRequest> = {}) {
  const request: ExchangeRequest = {
    subjectToken,
    maxTokenBytes: MAX_IDENTITY_TOKEN_BYTES,
    robot: "acme+builder",
    scopes: [],
    ...change,
  };
  return exchangeIdentityToken(world.deps, request, CONTEXT);
}

async function exchanged(subjectToken: string, change: Partial<ExchangeRequest> = {}) {
  const outcome = await exchange(subjectToken, change);
  if (!outcome.ok) throw new Error(outcome.error.reason);
  return outcome.value;
}

describe("a rule that grants API scopes", () => {
  it("gives an API token with a credential's record, which opens nothing at a registry", async () => {
    const { credential, record, scope } = await exchanged(await world.issuer.sign());
    const now = world.clock.seconds();
    expect(credential.class).toBe("exchanged-api-token");
    expect(record).toEqual({
      ...(await credentialId(credential)),
      robot: "acme+builder",
      robotUid: "robot-uid",
      ruleId: "rule-1",
      nonces: {
        namespace: "namespace-nonce",
        robot: "robot-nonce",
        rule: "rule-nonce",
        issuer: "issuer-nonce",
      },
      issuer: world.issuer.url,
      subject: SUBJECT,
      provenance: {},
      apiScopes: ["rules:write", "robots:write"],
      grants: [],
      catalog: false,
      issuedAt: now,
      expiresAt: now + 900,
    });
    expect(scope).toBe("rules:write robots:write");
    expect(await world.ledger.findCredential(record.id)).toEqual({ credential: record, epochStands: true });
  });

  it("leaves one event, with the API scopes and without the token", async () => {
    const { credential, record } = await exchanged(await world.issuer.sign());
    const grants = await world.grants();
    expect(grants).toMatchObject([{ credentialId: record.id, scope: "rules:write robots:write" }]);
    expect(JSON.stringify(grants)).not.toContain(credential.expose());
  });

  it("uses the identity token up, as any other does", async () => {
    const token = await world.issuer.sign();
    await exchanged(token);
    expect(await exchange(token)).toMatchObject({ ok: false, error: { reason: "token_used" } });
    expect(await world.grants()).toHaveLength(1);
  });

  it("is narrowed to the API scopes that are asked for", async () => {
    const { record, scope } = await exchanged(await world.issuer.sign(), {
      apiScopes: ["robots:write", "permissions:write"],
    });
    expect([record.apiScopes, scope]).toEqual([["robots:write"], "robots:write"]);
  });

  it("gives a token that its holder may end", async () => {
    const { credential, record } = await exchanged(await world.issuer.sign());
    expect(await revokeCredential(world.deps, credential.expose(), CONTEXT)).toMatchObject({ ok: true });
    expect(await world.ledger.findCredential(record.id)).toMatchObject({
      credential: { revokedAt: world.clock.seconds() },
    });
  });
});

describe("what a matching rule does not give", () => {
  interface Row {
    readonly what: string;
    readonly records?: BerthChange;
    readonly request?: Partial<ExchangeRequest>;
  }
  const WRITE = { registry: SERVICE, repository: "acme/app", role: "write" } as const;
  const DOCKER = parseDockerScopes(["repository:acme/app:pull"]);

  it.each<Row>([
    { what: "Docker scopes of an API rule", request: { scopes: DOCKER } },
    { what: "API scopes that it lacks", request: { apiScopes: ["super:user", "permissions:write"] } },
    { what: "an API token as a registry's password", request: { registryOnly: true } },
    {
      what: "API scopes beside permissions",
      records: { ...ADMINISTRATION, robot: { permissions: [WRITE] } },
    },
    {
      what: "API scopes for a token that can be shown again",
      records: { ...ADMINISTRATION, issuer: { replay: "reusable" } },
    },
    { what: "API scopes of a registry rule", records: {}, request: { apiScopes: ["rules:write"] } },
  ])("is refused and burns nothing: $what", async ({ records, request }) => {
    if (records) await world.put(records);
    const token = await world.issuer.sign();
    expect(await exchange(token, request)).toMatchObject({
      ok: false,
      error: { reason: "scope_not_granted", detail: "rule rule-1" },
    });
    expect(world.redemptions).toEqual([]);
    expect(world.trail).toMatchObject([{ kind: "exchange.refused", reason: "scope_not_granted" }]);
    await world.put(ADMINISTRATION);
    expect(await exchange(token)).toMatchObject({ ok: true });
  });
});
