import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type ManagedBerth, startManagedBerth } from "../../support/managed-berth.ts";
import { registryToken } from "../../support/requests.ts";

let world: ManagedBerth;
beforeAll(async () => {
  world = await startManagedBerth();
});
beforeEach(() => world.reset());
afterAll(() => world.berth.close());

const PATH = "/registries/second.example.com";
const CONTENT = { url: "https://second.example.com", token: "x5c" };

it("is registered, read in the form in which it may be sent back, and removed", async () => {
  const put = await world.operator("PUT", PATH, CONTENT);
  const registry = { ...CONTENT, token_seconds: 300, anonymous_pull: [] };
  expect([put.status, put.body]).toEqual([
    200,
    { service: "second.example.com", managed_by: "api", registry },
  ]);
  const same = await world.operator("PUT", PATH, registry);
  expect(same.headers.get("etag")).toBe(put.headers.get("etag"));
  expect((await world.operator("GET", PATH)).body).toEqual(put.body);
  expect((await world.operator("DELETE", PATH)).status).toBe(204);
  expect((await world.operator("GET", PATH)).status).toBe(404);
});

it("with a key of its own has that key when the answer is there", async () => {
  await world.operator("PUT", PATH, { ...CONTENT, token: "pinned" });
  const { body } = await world.operator("GET", "/keys");
  const { keys } = body as { keys: { use: string; registry?: string; status: string }[] };
  expect(keys.filter(({ use }) => use === "pinned")).toEqual([
    expect.objectContaining({ registry: "second.example.com", status: "active" }),
  ]);
});

it("may have a name with slashes and spaces", async () => {
  const path = `/registries/${encodeURIComponent("Docker registry: eu/west")}`;
  expect((await world.operator("PUT", path, CONTENT)).body).toMatchObject({
    service: "Docker registry: eu/west",
  });
  expect((await world.operator("GET", path)).status).toBe(200);
});

it("lets anyone pull what it names", async () => {
  await world.operator("PUT", PATH, { ...CONTENT, anonymous_pull: ["acme/public-*"] });
  world.berth.clock.advance(1001);
  const scopes = ["repository:acme/public-app:pull,push"];
  const { status, body } = await registryToken(world.berth.app, { service: "second.example.com", scopes });
  expect(status).toBe(200);
  const claims = JSON.parse(Buffer.from(String(body.token).split(".")[1] ?? "", "base64url").toString());
  expect(claims.access).toEqual([{ type: "repository", name: "acme/public-app", actions: ["pull"] }]);
});

it.each([
  ["no URL", { token: "x5c" }],
  ["a URL with a password", { ...CONTENT, url: "https://a:b@second.example.com" }],
  ["a form that there is not", { ...CONTENT, token: "none" }],
  ["a lifetime over five minutes", { ...CONTENT, token_seconds: 301 }],
  ["its own name again", { ...CONTENT, service: "second.example.com" }],
])("is refused for %s", async (_, content) => {
  const { status, body } = await world.operator("PUT", PATH, content);
  expect([status, body]).toMatchObject([400, { reason: "request_malformed" }]);
  expect(await world.changes()).toEqual([]);
});

it("shows Berth's keys without their private halves", async () => {
  const { status, body } = await world.operator("GET", "/keys");
  expect(status).toBe(200);
  const { keys } = body as { keys: { use: string }[] };
  expect(keys.map(({ use }) => use)).toContain("ca");
  const stored = await world.berth.directory.readKeys();
  for (const { encryptedPrivateKey } of stored) {
    expect(JSON.stringify(body)).not.toContain(encryptedPrivateKey.ciphertext);
  }
});
