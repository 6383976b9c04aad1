import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SUBJECT } from "../../support/baseline.ts";
import { type ManagedBerth, startManagedBerth } from "../../support/managed-berth.ts";
import { apiToken, manage } from "../../support/management-calls.ts";
import {
  answerOf,
  exchange,
  type FormChange,
  formOf,
  quayExchange,
  registryToken,
} from "../../support/requests.ts";

let world: ManagedBerth;
beforeAll(async () => {
  world = await startManagedBerth();
});
beforeEach(() => world.reset());
afterAll(() => world.berth.close());

const DEPLOYER: FormChange = { robot: "acme+deployer" };
const sign = (claims?: Record<string, unknown>) => world.berth.issuer.sign(claims);
const use = (token: unknown, path = "/organization/acme/robots/builder") =>
  manage(world.berth.app, "GET", path, { token: String(token) });

/** Quay's design "Robot API Tokens and Federated Exchange", whose tests these are; its `/sts/token` is ours to name. */
describe("an identity token for the management API", () => {
  it("earns a bearer token of an hour at most (test_sts_token_route_returns_quay_robot_jwt)", async () => {
    const { status, body } = await exchange(world.berth.app, await sign(), DEPLOYER);
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^bra_[0-9A-Za-z]{51}$/),
      issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
      token_type: "Bearer",
      expires_in: 3600,
      scope: "robots:write permissions:write rules:write",
    });
    expect((await use(body.access_token)).status).toBe(200);
  });

  it("earns a registry credential alone by Quay's old way (test_legacy_federation_endpoint_issues_registry_only_token)", async () => {
    const { body } = await quayExchange(world.berth.app, "acme+builder", await sign());
    expect(body.token).toMatch(/^brc_/);
    expect((await use(body.token)).status).toBe(401);
    const refused = await quayExchange(world.berth.app, "acme+deployer", await sign());
    expect([refused.status, refused.body.reason]).toEqual([400, "scope_not_granted"]);
  });

  it.each<{ test: string; change: FormChange; error: string }>([
    {
      test: "rejects_invalid_requests: no token",
      change: { subject_token: undefined },
      error: "invalid_request",
    },
    { test: "rejects_invalid_requests: no robot", change: { robot: undefined }, error: "invalid_request" },
    {
      test: "rejects_invalid_requests: another grant",
      change: { grant_type: "password" },
      error: "unsupported_grant_type",
    },
    {
      test: "rejects_invalid_requests: another token type",
      change: { subject_token_type: "x" },
      error: "invalid_request",
    },
    {
      test: "rejects_scope_outside_binding",
      change: { ...DEPLOYER, scope: "audit:read" },
      error: "invalid_scope",
    },
    {
      test: "rejects_scope_outside_binding: partly",
      change: { ...DEPLOYER, scope: "super:user" },
      error: "invalid_scope",
    },
    { test: "rejects_binding_without_api_scope", change: { scope: "rules:write" }, error: "invalid_scope" },
    {
      test: "rejects_oversized_subject_token",
      change: { subject_token: `eyJ${"x".repeat(24 * 1024)}` },
      error: "invalid_request",
    },
    {
      test: "parse_federated_robot_resource: malformed",
      change: { robot: "urn:quay:robot:acme" },
      error: "invalid_request",
    },
  ])("is refused ($test)", async ({ change, error }) => {
    const { status, body } = await exchange(world.berth.app, await sign(), change);
    expect([status, body.error]).toEqual([400, error]);
  });

  it.each<{ test: string; claims: () => Record<string, unknown>; reason: string }>([
    {
      test: "rejects_audience_outside_binding",
      claims: () => ({ aud: "another" }),
      reason: "audience_mismatch",
    },
    {
      test: "rejects_jwt_before_not_before",
      claims: () => ({ nbf: world.berth.clock.seconds() + 120 }),
      reason: "token_not_yet_valid",
    },
    {
      test: "…_expired_jwt",
      claims: () => ({ exp: world.berth.clock.seconds() - 60 }),
      reason: "token_expired",
    },
    { test: "mismatch", claims: () => ({ sub: "repo:acme/other" }), reason: "no_match" },
  ])("is refused as it stands ($test)", async ({ claims, reason }) => {
    const { status, body } = await exchange(world.berth.app, await sign(claims()), DEPLOYER);
    expect([status, body.reason]).toEqual([400, reason]);
  });

  it("comes as a form (test_sts_token_route_requires_form_encoding)", async () => {
    const body = JSON.stringify(Object.fromEntries(formOf({ subject_token: await sign(), ...DEPLOYER })));
    const headers = { "content-type": "application/json" };
    const answer = await answerOf(
      await world.berth.app.request("/oauth2/token", { method: "POST", headers, body }),
    );
    expect([answer.status, answer.body.error]).toEqual([415, "invalid_request"]);
  });

  it("earns nothing once its rule is gone (test_removed_legacy_binding_token_is_rejected_after_sts_exchange)", async () => {
    const { body } = await exchange(world.berth.app, await sign(), DEPLOYER);
    expect((await use(body.access_token)).status).toBe(200);
    const cleared = await world.operator("DELETE", "/organization/acme/robots/deployer/federation");
    expect(cleared.status).toBe(204);
    expect((await use(body.access_token)).body).toMatchObject({ reason: "unauthenticated" });
  });

  it("is not another's (bindings of two subjects are revoked apart)", async () => {
    const other = "repo:acme/other:ref:refs/heads/main";
    const issuer = world.berth.issuer.url;
    const path = "/organization/acme/robots/builder/federation";
    await world.operator("POST", path, [
      { issuer, subject: SUBJECT },
      { issuer, subject: other },
    ]);
    const [first, second] = [
      await exchange(world.berth.app, await sign()),
      await exchange(world.berth.app, await sign({ sub: other })),
    ].map(({ body }) => String(body.access_token));
    await world.operator("POST", path, [{ issuer, subject: other }]);
    const status = async (password = "") => (await registryToken(world.berth.app, { password })).status;
    expect([await status(first), await status(second)]).toEqual([401, 200]);
  });

  it("reaches no secret, and no robot that grants API scopes", async () => {
    const { body } = await exchange(world.berth.app, await sign(), DEPLOYER);
    const token = String(body.access_token);
    const robots = "/organization/acme/robots";
    const made = await manage(world.berth.app, "PUT", `${robots}/coolbot`, { token });
    expect([made.status, Object.keys(made.body as object)]).toEqual([
      201,
      ["name", "created", "last_accessed", "description", "unstructured_metadata"],
    ]);
    const before = await world.changes();
    const config = [{ issuer: world.berth.issuer.url, subject: SUBJECT }];
    for (const [method, path, content, reason] of [
      ["POST", `${robots}/builder/regenerate`, undefined, "insufficient_scope"],
      ["POST", `${robots}/deployer/federation`, config, "administrative_robot"],
      ["DELETE", `${robots}/deployer`, undefined, "administrative_robot"],
      ["DELETE", "/organization/acme", undefined, "insufficient_scope"],
      ["POST", "/organization/", { name: "other" }, "insufficient_scope"],
    ] as const) {
      const answer = await manage(world.berth.app, method, path, {
        token,
        ...(content === undefined ? {} : { body: content }),
      });
      expect([method, path, answer.status, answer.body]).toMatchObject([method, path, 403, { reason }]);
    }
    expect(await world.changes()).toEqual(before);
  });
});

/** Quay's `auth/test/test_credentials.py`: what a robot's static password meets at the registry's token endpoint. */
describe("a robot token at /v2/auth", () => {
  const token = async () => {
    const { body } = await world.operator("POST", "/organization/acme/robots/builder/regenerate");
    return (body as { token: string }).token;
  };

  it.each<{
    test: string;
    request: (password: string) => Parameters<typeof registryToken>[1];
    status: number;
  }>([
    { test: "valid_robot", request: (password) => ({ password }), status: 200 },
    { test: "invalid_pass", request: () => ({ password: "wrong" }), status: 401 },
    { test: "unicode password", request: () => ({ password: "some◌pass" }), status: 401 },
    { test: "unknown robot", request: (password) => ({ username: "acme+nobody", password }), status: 401 },
    {
      test: "another robot's",
      request: (password) => ({ username: "alice+builder", password }),
      status: 401,
    },
  ])("$test: $status", async ({ request, status }) => {
    expect((await registryToken(world.berth.app, request(await token()))).status).toBe(status);
  });

  it("is no API token (robots may not call Quay's API either)", async () => {
    expect((await use(await token())).status).toBe(401);
    const operator = await apiToken(world.berth);
    expect((await registryToken(world.berth.app, { password: operator })).status).toBe(401);
  });
});
