import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { aRule, PUBLIC_URL } from "../../support/baseline.ts";
import { type ManagedBerth, startManagedBerth } from "../../support/managed-berth.ts";
import { credentialFor, exchange, registryToken } from "../../support/requests.ts";
import { storeRobot } from "../../support/stored-robot.ts";

let world: ManagedBerth;
beforeAll(async () => {
  world = await startManagedBerth();
});
beforeEach(() => world.reset());
afterAll(() => world.berth.close());

const GITHUB = "https://token.actions.githubusercontent.com";
const pathOf = (url: string) => `/issuers/${encodeURIComponent(url)}`;
const DISCOVERED = { jwks_hosts: [], private_network: false };
const DEFAULTS = {
  profile: "github",
  audiences: [PUBLIC_URL],
  algorithms: ["RS256"],
  max_lifetime_seconds: 600,
  replay: "once",
  enabled: true,
  ...DISCOVERED,
};

it("is trusted with what its family says, and read in the form in which it may be sent back", async () => {
  const put = await world.operator("PUT", pathOf(GITHUB), {});
  const { status, body } = put;
  expect([status, body]).toEqual([
    200,
    {
      url: GITHUB,
      managed_by: "api",
      issuer: { ...DEFAULTS, replay: expect.any(String), algorithms: expect.any(Array) },
    },
  ]);
  const got = await world.operator("GET", pathOf(GITHUB));
  expect(got.body).toEqual(body);
  const same = await world.operator("PUT", pathOf(GITHUB), (got.body as { issuer: object }).issuer);
  expect(same.headers.get("etag")).toBe(put.headers.get("etag"));
  expect(await world.changes()).toEqual([`directory.changed issuer ${GITHUB}`]);
});

it("may be one with a path and a slash at its end, which is another one", async () => {
  const url = "https://ci.example.com/realms/a%20b/";
  expect((await world.operator("PUT", pathOf(url), { ca_pem: world.berth.issuer.caPem })).body).toMatchObject(
    {
      url,
      issuer: { ca_pem: world.berth.issuer.caPem },
    },
  );
  expect((await world.operator("GET", pathOf(url))).status).toBe(200);
  expect((await world.operator("GET", pathOf(url.slice(0, -1)))).status).toBe(404);
});

it("may bring its keys along, with an end", async () => {
  const jwks = { keys: [{ kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }] };
  const content = { jwks, jwks_expires: "2030-01-31T12:00:00+01:00" };
  const { body } = await world.operator("PUT", pathOf("https://offline.example.com"), content);
  expect(body).toMatchObject({ issuer: { jwks, jwks_expires: "2030-01-31T11:00:00.000Z" } });
  expect(body).not.toHaveProperty("issuer.jwks_hosts");
});

it.each<[string, string, object, string]>([
  ["a file of the server", GITHUB, { ca_file: "/etc/passwd" }, 'Unrecognized key: "ca_file"'],
  ["its own URL again", GITHUB, { url: GITHUB }, 'Unrecognized key: "url"'],
  ["another family's name", GITHUB, { profile: "gitlab" }, "profile is github"],
  [
    "another service's audience",
    GITHUB,
    { audiences: ["sts.amazonaws.com"] },
    "audiences[0] is the audience of",
  ],
  [
    "a private key",
    "https://offline.example.com",
    { jwks: { keys: [{ kty: "oct", k: "c2VjcmV0" }] }, jwks_expires: "2030-01-31" },
    "jwks.keys[0] is a private key",
  ],
  [
    "keys without an end",
    "https://offline.example.com",
    { jwks: { keys: [{ kty: "EC" }] } },
    "needs jwks_expires",
  ],
  ["no certificate", GITHUB, { ca_pem: "junk" }, "holds no certificate"],
])("is refused for %s", async (_, url, content, detail) => {
  const { status, body } = await world.operator("PUT", pathOf(url), content);
  expect([status, body]).toMatchObject([
    400,
    { reason: "request_malformed", detail: expect.stringContaining(detail) },
  ]);
  expect(JSON.stringify(body)).not.toContain("c2VjcmV0");
  expect(await world.changes()).toEqual([]);
});

it("of a file is disabled, which ends what was earned under it and lets in nobody", async () => {
  const { berth } = world;
  const password = await credentialFor(berth.app, await berth.issuer.sign());
  const disabled = await world.operator("PATCH", pathOf(berth.issuer.url), { enabled: false });
  expect([disabled.status, disabled.body]).toMatchObject([
    200,
    { managed_by: "file", issuer: { enabled: false } },
  ]);
  // What the app knows of issuers is a second old at most.
  berth.clock.advance(1001);
  berth.storeClock.advance(1001);
  expect((await registryToken(berth.app, { password })).status).toBe(401);
  expect((await exchange(berth.app, await berth.issuer.sign())).body.reason).toBe("issuer_unknown");
});

it("is removed though rules name it, when forced", async () => {
  await world.operator("PUT", pathOf(GITHUB), {});
  await storeRobot(world.berth, { rules: [aRule({ issuer: GITHUB })] });
  const refused = await world.operator("DELETE", pathOf(GITHUB));
  expect([refused.status, refused.body]).toMatchObject([409, { reason: "in_use" }]);
  expect((await world.operator("DELETE", `${pathOf(GITHUB)}?force=true`)).status).toBe(204);
  expect((await world.operator("GET", pathOf(GITHUB))).status).toBe(404);
  expect((await world.operator("DELETE", `${pathOf(GITHUB)}?force=yes`)).status).toBe(400);
});
