import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OAUTH_ERRORS, REVOCATION_ERRORS } from "../../src/http/exchange/oauth-error.ts";
import { SERVICE } from "../support/baseline.ts";
import { startTestBerth, type TestBerth } from "../support/berth-app.ts";
import { grantedScopes } from "../support/registry-claims.ts";
import { type Answer, exchange, type FormChange, registryToken } from "../support/requests.ts";

const READ_AND_WRITE = "repository:acme/app:pull,push repository:acme/base:pull";

let berth: TestBerth;
beforeAll(async () => {
  berth = await startTestBerth({
    rule: { ttlSeconds: 1800 },
    robot: {
      permissions: [
        { registry: SERVICE, repository: "acme/app", role: "write" },
        { registry: SERVICE, repository: "acme/base", role: "read" },
      ],
    },
  });
});
afterAll(() => berth.close());

const send = async (change: FormChange): Promise<Answer> =>
  exchange(berth.app, await berth.issuer.sign(), change);

describe("a granted exchange (RFC 8693 §2.2.1)", () => {
  it("is answered with these members and no refresh token", async () => {
    const answer = await send({});
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^brc_[0-9A-Za-z]{51}$/),
      issued_token_type: "urn:berth:params:oauth:token-type:registry-credential",
      token_type: "N_A",
      expires_in: 1800,
      scope: READ_AND_WRITE,
      username: "acme+builder",
    });
  });

  it.each<{ what: string; change: FormChange; scope?: string; seconds?: number }>([
    {
      what: "a token of the type jwt",
      change: { subject_token_type: "urn:ietf:params:oauth:token-type:jwt" },
    },
    {
      what: "a parameter that nobody knows",
      change: { audience: ["a", "b"], resource: "x", shoe_size: "44" },
    },
    // RFC 6749 §3.2: without a value is as good as left out.
    { what: "an empty scope", change: { scope: "" } },
    { what: "an empty requested_ttl", change: { requested_ttl: "" } },
    { what: "an empty retry_key", change: { retry_key: "" } },
    { what: "an empty actor token", change: { actor_token: "", actor_token_type: "" } },
    {
      what: "a narrower scope",
      change: { scope: "repository:acme/app:pull" },
      scope: "repository:acme/app:pull",
    },
    {
      what: "a scope of which a part can be granted",
      change: { scope: "repository:acme/base:pull,push repository:acme/other:pull" },
      scope: "repository:acme/base:pull",
    },
    { what: "a shorter lifetime", change: { requested_ttl: "300" }, seconds: 300 },
    { what: "a longer lifetime than the rule's", change: { requested_ttl: "86400" }, seconds: 1800 },
  ])("takes $what", async ({ change, scope = READ_AND_WRITE, seconds = 1800 }) => {
    const { status, body } = await send(change);
    expect([status, body.scope, body.expires_in]).toEqual([200, scope, seconds]);
  });

  it("gives a credential that does what its scope says, and no more", async () => {
    const password = String((await send({ scope: "repository:acme/app:pull" })).body.access_token);
    const scopes = ["repository:acme/app:pull,push", "repository:acme/base:pull"];
    expect(grantedScopes(await registryToken(berth.app, { password, scopes }))).toEqual([
      "repository:acme/app:pull",
    ]);
  });
});

describe("a request that is refused for its form", () => {
  // attack 23, 86
  it.each<{ what: string; change: FormChange; reason: string; error?: string }>([
    {
      what: "no grant_type",
      change: { grant_type: undefined },
      reason: "grant_type_unsupported",
      error: "unsupported_grant_type",
    },
    {
      what: "an empty grant_type",
      change: { grant_type: "" },
      reason: "grant_type_unsupported",
      error: "unsupported_grant_type",
    },
    {
      what: "no subject_token_type",
      change: { subject_token_type: undefined },
      reason: "token_type_unsupported",
    },
    {
      what: "an access token",
      change: { subject_token_type: "urn:ietf:params:oauth:token-type:access_token" },
      reason: "token_type_unsupported",
    },
    { what: "no subject_token", change: { subject_token: undefined }, reason: "request_malformed" },
    { what: "an empty subject_token", change: { subject_token: "" }, reason: "request_malformed" },
    {
      what: "an actor token",
      change: { actor_token: "x", actor_token_type: "y" },
      reason: "request_malformed",
    },
    { what: "an actor token without type", change: { actor_token: "x" }, reason: "request_malformed" },
    { what: "an actor token's type alone", change: { actor_token_type: "y" }, reason: "request_malformed" },
    { what: "no robot", change: { robot: undefined }, reason: "request_malformed" },
    {
      what: "a robot with a space for its plus",
      change: { robot: "acme builder" },
      reason: "request_malformed",
    },
    { what: "two robots", change: { robot: ["acme+builder", "acme+builder"] }, reason: "request_malformed" },
    { what: "two scopes", change: { scope: ["repository:acme/app:pull", ""] }, reason: "request_malformed" },
    {
      what: "a scope of OpenID",
      change: { scope: "openid" },
      reason: "scope_malformed",
      error: "invalid_scope",
    },
    {
      what: "a scope of which a part is none",
      change: { scope: "repository:acme/app:pull x" },
      reason: "scope_malformed",
      error: "invalid_scope",
    },
    {
      what: "a scope of which nothing is granted",
      change: { scope: "repository:acme/base:push" },
      reason: "scope_not_granted",
      error: "invalid_scope",
    },
    ...["299", "0", "-300", "300.0", "3e2", "NaN", "0x200", "1000000000", " 300", "３００"].map(
      (requested_ttl) => ({
        what: `a lifetime of ${requested_ttl}`,
        change: { requested_ttl },
        reason: "ttl_malformed",
      }),
    ),
  ])("has $what: $reason", async ({ change, reason, error = "invalid_request" }) => {
    const before = await berth.minted();
    const { status, body } = await send(change);
    expect([status, body.error, body.reason]).toEqual([400, error, reason]);
    expect(await berth.minted()).toBe(before);
  });
});

it("describes errors in the letters that RFC 6749 §5.2 allows", () => {
  for (const { error, description } of [
    ...Object.values(OAUTH_ERRORS),
    ...Object.values(REVOCATION_ERRORS),
  ]) {
    expect(error).toMatch(/^[a-z_]+$/);
    expect(description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]{1,200}$/);
  }
});
