import { X509Certificate } from "node:crypto";
import { createLocalJWKSet, decodeProtectedHeader, importX509, type JWTVerifyOptions, jwtVerify } from "jose";
import { afterEach, describe, expect, it } from "vitest";
import { webRandom } from "../../src/adapters/runtime/web-random.ts";
import { HOST_OPERATOR } from "../../src/domain/accounts/caller.ts";
import { credentialId, parseSecret } from "../../src/domain/accounts/secret.ts";
import { regenerateRobotToken } from "../../src/usecases/management/regenerate-robot-token.ts";
import { aRegistry, PUBLIC_URL, SERVICE } from "../support/baseline.ts";
import { type BerthChange, startTestBerth, type TestBerth } from "../support/berth-app.ts";
import { claimsOf, grantedScopes } from "../support/registry-claims.ts";
import { credentialFor, type FormChange, registryToken } from "../support/requests.ts";

const SCOPE = "repository:acme/app:pull";

let berth: TestBerth;
afterEach(() => berth.close());

/** A Berth, and a credential of its robot. */
async function start(change: BerthChange = {}, form: FormChange = {}): Promise<string> {
  berth = await startTestBerth(change);
  return credentialFor(berth.app, await berth.issuer.sign(), form);
}

async function idOf(credential: string): Promise<string> {
  const secret = parseSecret(credential);
  if (secret === undefined) throw new Error("not a credential");
  return (await credentialId(secret)).id;
}

const expected = (): JWTVerifyOptions => ({
  issuer: PUBLIC_URL,
  audience: SERVICE,
  algorithms: ["ES256"],
  currentDate: new Date(berth.clock.now()),
});

describe("the claims", () => {
  it("are these and no others", async () => {
    const password = await start();
    const answer = await registryToken(berth.app, { password, scopes: [SCOPE] });
    const now = berth.clock.seconds();
    const { jti, ...claims } = claimsOf(answer);
    expect(claims).toEqual({
      iss: PUBLIC_URL,
      sub: `acme+builder#${await idOf(password)}`,
      aud: SERVICE,
      iat: now - 30,
      nbf: now - 30,
      exp: now + 300,
      access: [{ type: "repository", name: "acme/app", actions: ["pull"] }],
    });
    expect(jti).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(answer.body).toEqual({
      token: answer.body.token,
      access_token: answer.body.token,
      expires_in: 300,
    });
  });

  it("have an id of their own each time, and access even where nothing was asked", async () => {
    const password = await start();
    const tokens = [
      await registryToken(berth.app, { password }),
      await registryToken(berth.app, { password }),
    ];
    const [first, second] = tokens.map(claimsOf);
    expect([first?.access, second?.access]).toEqual([[], []]);
    expect(first?.jti).not.toBe(second?.jti);
  });

  it("name the robot token by its number, since it has no record", async () => {
    await start();
    const deps = { directory: berth.directory, clock: berth.clock, random: webRandom };
    const context = { requestId: "request-1", caller: HOST_OPERATOR };
    for (const number of [1, 2]) {
      const token = await regenerateRobotToken(deps, "acme+builder", {}, context);
      if (!token.ok) throw new Error(token.error.reason);
      const answer = await registryToken(berth.app, {
        password: token.value.token.expose(),
        scopes: [SCOPE],
      });
      expect(claimsOf(answer).sub).toBe(`acme+builder#token-${number}`);
      expect(grantedScopes(answer)).toEqual([SCOPE]);
    }
  });

  it("last as long as the registry says", async () => {
    const password = await start({ registries: [aRegistry({ tokenSeconds: 60 })] });
    const answer = await registryToken(berth.app, { password });
    expect([answer.body.expires_in, claimsOf(answer).exp]).toEqual([60, berth.clock.seconds() + 60]);
  });
});

describe("near the credential's end", () => {
  // attack 76
  it.each([
    { left: 301, lifetime: 300 },
    { left: 299, lifetime: 299 },
    { left: 60, lifetime: 60 },
  ])("with $left s left, the token lives $lifetime s", async ({ left, lifetime }) => {
    const password = await start({}, { requested_ttl: "600" });
    berth.clock.advance((600 - left) * 1000);
    berth.storeClock.advance((600 - left) * 1000);
    const answer = await registryToken(berth.app, { password });
    expect([answer.body.expires_in, claimsOf(answer).exp]).toEqual([
      lifetime,
      berth.clock.seconds() + lifetime,
    ]);
  });

  it.each([59, 1, 0, -1, -3599])("with %s s left, it has expired", async (left) => {
    const password = await start({}, { requested_ttl: "600" });
    berth.clock.advance((600 - left) * 1000);
    berth.storeClock.advance((600 - left) * 1000);
    const answer = await registryToken(berth.app, { password });
    expect([answer.status, berth.log.at(-1)?.reason]).toEqual([401, "credential_expired"]);
  });
});

describe("the form that a registry verifies", () => {
  it("x5c: a leaf in the header, under the CA that /keys/ca.pem shows", async () => {
    const password = await start();
    const token = String((await registryToken(berth.app, { password, scopes: [SCOPE] })).body.token);
    const header = decodeProtectedHeader(token);
    expect(Object.keys(header).sort()).toEqual(["alg", "typ", "x5c"]);
    expect([header.alg, header.typ, header.x5c?.length]).toEqual(["ES256", "JWT", 1]);
    // Standard base64, not base64url: RFC 7515 §4.1.6.
    const leaf = new X509Certificate(Buffer.from(header.x5c?.[0] ?? "", "base64"));
    expect(header.x5c?.[0]).toBe(leaf.raw.toString("base64"));
    const ca = new X509Certificate(await (await berth.app.request("/keys/ca.pem")).text());
    expect([leaf.checkIssued(ca), leaf.verify(ca.publicKey), leaf.ca]).toEqual([true, true, false]);
    expect(leaf.validFromDate.getTime()).toBeLessThan(berth.clock.now());
    await jwtVerify(token, await importX509(leaf.toString(), "ES256"), expected());
  });

  it("kid: a key of /.well-known/jwks.json", async () => {
    const password = await start({ registries: [aRegistry({ tokenForm: "kid" })] });
    const token = String((await registryToken(berth.app, { password, scopes: [SCOPE] })).body.token);
    expect(Object.keys(decodeProtectedHeader(token)).sort()).toEqual(["alg", "kid", "typ"]);
    const jwks = await (await berth.app.request("/.well-known/jwks.json")).json();
    await jwtVerify(token, createLocalJWKSet(jwks as Parameters<typeof createLocalJWKSet>[0]), expected());
  });

  it("pinned: a key of this registry alone, which the others' key set does not have", async () => {
    const other = "zot.example.com";
    const password = await start({
      registries: [aRegistry({ tokenForm: "pinned" }), aRegistry({ service: other, tokenForm: "pinned" })],
    });
    const tokens = [
      await registryToken(berth.app, { password }),
      await registryToken(berth.app, { password, service: other }),
    ].map(({ body }) => String(body.token));
    const kids = tokens.map((token) => decodeProtectedHeader(token).kid);
    expect(new Set(kids).size).toBe(2);
    const { keys } = (await (await berth.app.request("/.well-known/jwks.json")).json()) as {
      keys: { kid: string }[];
    };
    for (const { kid } of keys) expect(kids).not.toContain(kid);
  });

  it("stays under 8 KiB for 60 repositories: proxies cut a header there", async () => {
    const password = await start({
      robot: { permissions: [{ registry: SERVICE, repository: "acme/*", role: "write" }] },
    });
    const scopes = Array.from({ length: 60 }, (_, at) => `repository:acme/image-${at}:pull,push`);
    const answer = await registryToken(berth.app, { password, scopes });
    expect(grantedScopes(answer)).toHaveLength(60);
    expect(`Authorization: Bearer ${answer.body.token}`.length).toBeLessThan(8192);
  });
});
