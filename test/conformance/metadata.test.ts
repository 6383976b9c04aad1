import { X509Certificate } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { UnavailableError } from "../../src/usecases/ports.ts";
import { aRegistry, PUBLIC_URL } from "../support/baseline.ts";
import { type BerthChange, startTestBerth, type TestBerth } from "../support/berth-app.ts";
import { answerOf, basic, credentialFor, exchange, formOf, registryToken } from "../support/requests.ts";

let berth: TestBerth;
afterEach(() => berth.close());

const start = async (change: BerthChange = {}) => {
  berth = await startTestBerth(change);
};
const get = (path: string) => berth.app.request(path);

/** Each route, and the methods that it has. */
const ROUTES: Readonly<Record<string, readonly string[]>> = {
  "/oauth2/token": ["POST"],
  "/oauth2/federation/robot/token": ["GET"],
  "/oauth2/revoke": ["POST"],
  "/oauth2/introspect": ["POST"],
  "/v2/auth": ["GET", "POST"],
  "/auth/token": ["GET", "POST"],
  "/.well-known/oauth-authorization-server": ["GET", "HEAD"],
  "/.well-known/jwks.json": ["GET", "HEAD"],
  "/keys/ca.pem": ["GET", "HEAD"],
  "/schema/berth.schema.json": ["GET", "HEAD"],
  "/healthz": ["GET", "HEAD"],
  "/readyz": ["GET", "HEAD"],
};
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"];

describe("the authorization server's metadata (RFC 8414)", () => {
  const document = (url: string) => ({
    issuer: url,
    token_endpoint: `${url}/oauth2/token`,
    token_endpoint_auth_methods_supported: ["none"],
    grant_types_supported: ["urn:ietf:params:oauth:grant-type:token-exchange"],
    response_types_supported: [],
    revocation_endpoint: `${url}/oauth2/revoke`,
    revocation_endpoint_auth_methods_supported: ["none"],
    introspection_endpoint: `${url}/oauth2/introspect`,
    introspection_endpoint_auth_methods_supported: ["Bearer"],
    jwks_uri: `${url}/.well-known/jwks.json`,
  });

  it("is made of the public URL, whatever the Host header says", async () => {
    await start();
    const answer = await answerOf(
      await berth.app.request("https://evil.example.org/.well-known/oauth-authorization-server", {
        headers: { host: "evil.example.org", "x-forwarded-host": "evil.example.org" },
      }),
    );
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.body).toEqual(document(PUBLIC_URL));
  });

  it("is where an issuer with a path has it, and under the prefix", async () => {
    const publicUrl = "https://ci.example.com/berth";
    await start({ publicUrl });
    for (const path of [
      "/.well-known/oauth-authorization-server/berth",
      "/berth/.well-known/oauth-authorization-server",
    ]) {
      expect((await answerOf(await get(path))).body).toEqual(document(publicUrl));
    }
    expect((await get("/.well-known/oauth-authorization-server")).status).toBe(404);
  });
});

describe("Berth's public keys", () => {
  it("are a JWK Set without private members", async () => {
    await start({ registries: [aRegistry({ tokenForm: "kid" })] });
    const response = await get("/.well-known/jwks.json");
    expect(response.headers.get("cache-control")).toBe("public, max-age=60");
    const { keys } = (await response.json()) as { keys: Record<string, string>[] };
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([
      ["alg", "crv", "kid", "kty", "use", "x", "y"],
    ]);
    expect(keys[0]).toMatchObject({ kty: "EC", crv: "P-256", alg: "ES256", use: "sig" });
  });

  it("are a CA certificate in PEM that signed itself", async () => {
    await start();
    const response = await get("/keys/ca.pem");
    expect(response.headers.get("content-type")).toBe("application/x-pem-file");
    expect(response.headers.get("cache-control")).toBe("public, max-age=60");
    const pem = await response.text();
    expect(pem).not.toContain("PRIVATE");
    const ca = new X509Certificate(pem);
    expect(ca.ca).toBe(true);
    expect(ca.verify(ca.publicKey)).toBe(true);
  });
});

describe("health", () => {
  it("is ok, and the service ready", async () => {
    await start();
    const answers = [await answerOf(await get("/healthz")), await answerOf(await get("/readyz"))];
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [200, { status: "ok" }],
      [200, { status: "ok", audit_events_lost: 0 }],
    ]);
  });

  it("is ok without a store, and the service not ready: a restart would mend nothing", async () => {
    await start();
    berth.breakStore();
    expect((await get("/healthz")).status).toBe(200);
    const answer = await answerOf(await get("/readyz"));
    expect([answer.status, answer.body]).toEqual([503, { status: "unavailable", audit_events_lost: 0 }]);
  });

  it("looks at the stores once at a time, whoever asks", async () => {
    await start();
    const looks = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let begun = 0;
    const directory = Object.assign(Object.create(berth.deps.directory), {
      ping: () => looks[begun++]?.promise,
    });
    const app = createApp({ ...berth.deps, directory });
    const status = async () => (await app.request("/readyz")).status;
    const first = status();
    looks[0]?.resolve();
    expect(await first).toBe(200);
    const slow = status();
    expect(await Promise.all(Array.from({ length: 100 }, status))).toEqual(Array(100).fill(200));
    looks[1]?.reject(new UnavailableError("down"));
    expect(await slow).toBe(503);
    expect(begun).toBe(2);
  });

  it("is ok when it was told to stop and still serves, and the service not ready", async () => {
    await start();
    let stopping = false;
    const app = createApp({ ...berth.deps, isStopping: () => stopping });
    expect((await app.request("/readyz")).status).toBe(200);
    stopping = true;
    expect((await app.request("/healthz")).status).toBe(200);
    const answer = await answerOf(await app.request("/readyz"));
    expect([answer.status, answer.body]).toEqual([503, { status: "stopping", audit_events_lost: 0 }]);
  });

  it.each([
    { loss: { events: 7 }, shown: { audit_events_lost: 7 } },
    { loss: { events: 0, sinkLines: 0 }, shown: { audit_events_lost: 0, audit_sink: "ok" } },
    { loss: { events: 0, sinkLines: 3 }, shown: { audit_events_lost: 0, audit_sink: "lost" } },
  ])("shows what the audit record has lost, and is ready: $loss", async ({ loss, shown }) => {
    await start();
    const app = createApp({ ...berth.deps, auditLoss: () => loss });
    const answer = await answerOf(await app.request("/readyz"));
    expect([answer.status, answer.body]).toEqual([200, { status: "ok", ...shown }]);
  });
});

describe("paths and methods", () => {
  beforeEach(() => start());

  // attack 75
  it.each(Object.entries(ROUTES))("%s has the methods %s and no other", async (path, allowed) => {
    for (const method of METHODS.filter((one) => !allowed.includes(one))) {
      const response = await berth.app.request(path, { method });
      expect([method, response.status]).toEqual([method, 405]);
      expect(response.headers.get("allow")).toBe(allowed.join(", "));
      expect(response.headers.get("cache-control")).toBe("no-store");
    }
  });

  it.each([
    "/",
    "/oauth2",
    "/oauth2/token/",
    "/v2/",
    "/v2/auth/x",
    "/V2/AUTH",
    "/healthz/",
    "/.env",
    "/oauth2%2Ftoken",
  ])("has nothing at %s", async (path) => {
    const answer = await answerOf(await get(path));
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual({ error: "not_found", request_id: answer.headers.get("x-request-id") });
  });

  it("gives HEAD the headers of GET where a GET changes nothing", async () => {
    const response = await berth.app.request("/keys/ca.pem", { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
  });

  it("mints nothing for HEAD", async () => {
    const token = await berth.issuer.sign();
    const form = { method: "HEAD", headers: basic("acme+builder", token) };
    expect((await berth.app.request("/oauth2/federation/robot/token", form)).status).toBe(405);
    expect(await berth.minted()).toBe(0);
    const credential = await credentialFor(berth.app, token);
    const head = { method: "HEAD", headers: basic("acme+builder", credential) };
    expect((await berth.app.request("/v2/auth?service=registry.example.com", head)).status).toBe(405);
    expect(berth.trail).toEqual([]);
  });
});

it("serves under the path of its public URL, and nowhere else", async () => {
  await start({ publicUrl: "https://ci.example.com/berth" });
  const form = formOf({ grant_type: "none" });
  expect((await berth.app.request("/oauth2/token", { method: "POST", body: form })).status).toBe(404);
  expect((await berth.app.request("/berth/oauth2/token", { method: "POST", body: form })).status).toBe(400);
  expect((await registryToken(berth.app, {})).status).toBe(404);
  expect((await registryToken(berth.app, { path: "/berth/v2/auth" })).status).toBe(200);
  expect((await get("/healthz")).status).toBe(200);
});

describe("what every answer has", () => {
  it("is a request id of its own, which is not the client's", async () => {
    await start();
    const ask = async () =>
      (await berth.app.request("/healthz", { headers: { "x-request-id": "mine" } })).headers.get(
        "x-request-id",
      );
    const ids = [await ask(), await ask()];
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{16}$/);
  });

  // attack 87
  it("is no-store and nosniff, a granted exchange included", async () => {
    await start();
    const answers = [
      await exchange(berth.app, await berth.issuer.sign()),
      await exchange(berth.app, "x"),
      await registryToken(berth.app, {}),
      await answerOf(await get("/nowhere")),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 200, 404]);
    for (const { headers } of answers) {
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("pragma")).toBe("no-cache");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
  });
});
