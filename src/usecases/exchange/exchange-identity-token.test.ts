import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aRule, SERVICE, SUBJECT } from "../../../test/support/baseline.ts";
import type { BerthChange } from "../../../test/support/berth-app.ts";
import { CONTEXT, startUseCaseWorld, type UseCaseWorld } from "../../../test/support/use-case-world.ts";
import { parseDockerScopes } from "../../domain/access/docker-scope.ts";
import { credentialId } from "../../domain/accounts/secret.ts";
import { MAX_IDENTITY_TOKEN_BYTES } from "../../domain/identity/identity-token.ts";
import { err } from "../../domain/result.ts";
import { type ExchangeRequest, exchangeIdentityToken } from "./exchange-identity-token.ts";

let world: UseCaseWorld;
beforeEach(async () => {
  world = await startUseCaseWorld({ refusalDelayMs: 150 });
});
afterEach(() => world.close());

function exchange(subjectToken: string, change: Partial<ExchangeRequest> = {}) {
  const request = {
    subjectToken,
    maxTokenBytes: MAX_IDENTITY_TOKEN_BYTES,
    robot: "acme+builder" as const,
    scopes: [],
  };
  return exchangeIdentityToken(world.deps, { ...request, ...change }, CONTEXT);
}

async function exchanged(subjectToken: string, change: Partial<ExchangeRequest> = {}) {
  const outcome = await exchange(subjectToken, change);
  if (!outcome.ok) throw new Error(outcome.error.reason);
  return outcome.value;
}

const VERIFIED = ["system.findIssuer", "verifier.verify"];
const MATCHED = [...VERIFIED, "directory.findAccount"];
const REDEEMED = [...MATCHED, "ledger.redeem"];

describe("a grant", () => {
  it("is a credential, its record, and the scope that it opens", async () => {
    const { credential, record, scope } = await exchanged(await world.issuer.sign());
    const now = world.clock.seconds();
    expect(credential.class).toBe("credential");
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
      grants: [{ registry: SERVICE, repository: "acme/app", actions: ["pull", "push"] }],
      catalog: false,
      issuedAt: now,
      expiresAt: now + 3600,
    });
    expect(scope).toBe("repository:acme/app:pull,push");
    expect(await world.ledger.findCredential(record.id)).toEqual({ credential: record, epochStands: true });
  });

  it("reads each store once, after the signature, and uses the token up last", async () => {
    await exchanged(await world.issuer.sign());
    expect(world.takeSteps()).toEqual(REDEEMED);
  });

  it("leaves one event, in the ledger, with no secret in it", async () => {
    const token = await world.issuer.sign();
    const { credential, record } = await exchanged(token);
    const events = await world.grants();
    expect(events).toEqual([
      {
        kind: "exchange.granted",
        at: world.clock.now(),
        ...CONTEXT,
        robot: "acme+builder",
        issuer: world.issuer.url,
        subject: SUBJECT,
        provenance: {},
        ruleId: "rule-1",
        credentialId: record.id,
        scope: "repository:acme/app:pull,push",
      },
    ]);
    expect(world.trail).toEqual([]);
    for (const secret of [credential.expose(), token, ...token.split(".")]) {
      expect(JSON.stringify(events)).not.toContain(secret);
    }
  });

  it("is narrowed to what was asked", async () => {
    const scopes = parseDockerScopes(["repository:acme/app:pull repository:acme/other:pull"]);
    const { record, scope } = await exchanged(await world.issuer.sign(), { scopes });
    expect(record.grants).toEqual([{ registry: SERVICE, repository: "acme/app", actions: ["pull"] }]);
    expect(scope).toBe("repository:acme/app:pull");
  });

  it("may be of nothing, for a robot that has nothing", async () => {
    await world.put({ robot: { permissions: [] } });
    expect(await exchanged(await world.issuer.sign())).toMatchObject({ record: { grants: [] }, scope: "" });
  });
});

interface Refusal {
  readonly change: string;
  readonly records?: BerthChange;
  readonly claims?: Record<string, unknown>;
  readonly request?: Partial<ExchangeRequest>;
  readonly reason: string;
  readonly detail: string;
}

describe("of one who matches no rule", () => {
  it.each<Refusal>([
    {
      change: "another subject",
      claims: { sub: "repo:acme/app:ref:refs/heads/dev" },
      reason: "no_match",
      detail: "rule rule-1: subject",
    },
    {
      change: "an unknown robot",
      request: { robot: "acme+x1" },
      reason: "no_match",
      detail: "no such robot account",
    },
    {
      change: "a disabled robot",
      records: { robot: { enabled: false } },
      reason: "no_match",
      detail: "the robot account is disabled",
    },
  ])("refuses $change, late, and burns nothing", async ({ records, claims, request, reason, detail }) => {
    if (records) await world.put(records);
    world.takeSteps();
    const verifiedAt = world.clock.now();
    expect(await exchange(await world.issuer.sign(claims), request)).toEqual(
      err({ reason, detail, profile: "generic" }),
    );
    expect(world.takeSteps()).toEqual([...MATCHED, "trail.add", "clock.waitUntil"]);
    expect(world.clock.waits).toEqual([verifiedAt + 150]);
    expect(world.trail).toEqual([
      {
        kind: "exchange.refused",
        at: verifiedAt,
        ...CONTEXT,
        reason,
        detail,
        robot: request?.robot ?? "acme+builder",
        issuer: world.issuer.url,
        subject: claims?.sub ?? SUBJECT,
      },
    ]);
    expect(await world.grants()).toEqual([]);
  });

  it("takes the same token once the rule is mended", async () => {
    const token = await world.issuer.sign();
    await world.put({ rule: { subject: "repo:acme/app:ref:refs/heads/dev" } });
    expect(await exchange(token)).toMatchObject({ error: { reason: "no_match" } });
    await world.put({});
    expect(await exchange(token)).toMatchObject({ ok: true });
  });
});

describe("after the match, at once and on record", () => {
  it("refuses a scope of which nothing can be granted, and burns nothing", async () => {
    const token = await world.issuer.sign();
    const scopes = parseDockerScopes(["repository:acme/other:pull"]);
    const refused = { reason: "scope_not_granted", detail: "rule rule-1" };
    expect(await exchange(token, { scopes })).toEqual(err({ ...refused, profile: "generic" }));
    expect(world.takeSteps()).toEqual([...MATCHED, "trail.add"]);
    expect(world.trail).toMatchObject([{ kind: "exchange.refused", ...refused }]);
    expect(await world.grants()).toEqual([]);
    expect(await exchange(token)).toMatchObject({ ok: true });
  });

  it("fills the variables of a rule's repositories from the token", async () => {
    const permissions = [
      { registry: SERVICE, repository: "acme/{pipeline_slug}", role: "write" as const },
      { registry: SERVICE, repository: "acme/elsewhere-{pipeline_slug}", role: "read" as const },
    ];
    const sub = "organization:acme:pipeline:app:ref:refs/heads/main";
    await world.put({ issuer: { profile: "buildkite" }, rule: { subject: sub, permissions } });
    const { scope, record } = await exchanged(await world.issuer.sign({ sub, pipeline_slug: "App" }));
    expect(scope).toBe("repository:acme/app:pull,push");
    expect(record.grants).toEqual([{ registry: SERVICE, repository: "acme/app", actions: ["pull", "push"] }]);
  });

  it("refuses a rule whose variables the token cannot fill, and burns nothing", async () => {
    const token = await world.issuer.sign();
    const permissions = [{ registry: SERVICE, repository: "acme/{repository_name}", role: "write" as const }];
    await world.put({ rule: { permissions } });
    expect(await exchange(token)).toEqual(
      err({ reason: "scope_not_granted", detail: "rule rule-1", profile: "generic" }),
    );
    expect(await world.grants()).toEqual([]);
    await world.put({});
    expect(await exchange(token)).toMatchObject({ ok: true });
  });

  it("refuses a token that was used", async () => {
    const token = await world.issuer.sign();
    const { credential } = await exchanged(token);
    world.takeSteps();
    expect(await exchange(token)).toEqual(err({ reason: "token_used", profile: "generic" }));
    expect(world.takeSteps()).toEqual([...REDEEMED, "trail.add"]);
    expect(world.clock.waits).toEqual([]);
    expect(world.trail).toMatchObject([{ kind: "exchange.refused", reason: "token_used", subject: SUBJECT }]);
    expect(await world.grants()).toHaveLength(1);
    for (const secret of [credential.expose(), token, ...token.split(".")]) {
      expect(JSON.stringify(world.trail)).not.toContain(secret);
    }
  });

  it("refuses what another rule's robot asks with a token that this one has used", async () => {
    const token = await world.issuer.sign();
    await exchanged(token);
    await world.put({ rule: aRule({ id: "rule-2", nonce: "other", issuer: world.issuer.url }) });
    expect(await exchange(token)).toEqual(err({ reason: "token_used", profile: "generic" }));
  });
});

describe("before the signature", () => {
  it.each([
    ["a token of no shape", () => "a.b", [], "token_malformed"],
    [
      "a stranger's token",
      () => world.issuer.sign({ iss: "https://x.example.com" }),
      VERIFIED.slice(0, 1),
      "issuer_unknown",
    ],
    ["an unknown key", () => world.issuer.sign({}, { kid: "key-99" }), VERIFIED, "key_unknown"],
    ["an expired token", () => world.issuer.sign({ exp: 2, iat: 1 }), VERIFIED, "token_expired"],
  ])("refuses %s without an event, a wait or a look at the robot", async (_, token, steps, reason) => {
    expect(await exchange(await token())).toMatchObject({ ok: false, error: { reason } });
    expect(world.takeSteps()).toEqual(steps);
    expect([world.trail, world.clock.waits, await world.grants()]).toEqual([[], [], []]);
  });
});
