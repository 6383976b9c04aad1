import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type ManagedBerth, startManagedBerth } from "../../support/managed-berth.ts";
import { apiToken, manage } from "../../support/management-calls.ts";

let world: ManagedBerth;
beforeAll(async () => {
  world = await startManagedBerth();
});
beforeEach(() => world.reset());
afterAll(() => world.berth.close());

const PATH = "/namespaces/acme/robots/builder/permissions";
const registry = "registry.example.com";
const APP = { registry, repository: "acme/app", role: "write" };

it("are read with the robot account's version", async () => {
  const read = await world.operator("GET", PATH);
  expect([read.status, read.body]).toEqual([200, { permissions: [APP] }]);
  const robot = await world.operator("GET", "/namespaces/acme/robots/builder");
  expect(read.headers.get("etag")).toBe(robot.headers.get("etag"));
});

it("are replaced as a whole: patterns, and a registry that goes without saying", async () => {
  const permissions = [
    { repository: "acme/**", role: "read" },
    { registry, repository: "acme/team-*", role: "admin" },
  ];
  const replaced = await world.operator("PUT", PATH, { permissions });
  const named = permissions.map((permission) => ({ registry, ...permission }));
  expect([replaced.status, replaced.body]).toEqual([200, { permissions: named }]);
  expect((await world.operator("GET", PATH)).body).toEqual({ permissions: named });
});

it("are added, and given another role", async () => {
  const added = await world.operator("POST", PATH, { repository: "acme/*", role: "read" });
  const ANY = { registry, repository: "acme/*", role: "read" };
  expect(added.body).toEqual({ permissions: [APP, ANY] });
  const raised = await world.operator("POST", PATH, { ...ANY, role: "admin" });
  expect(raised.body).toEqual({ permissions: [APP, { ...ANY, role: "admin" }] });
});

it("are taken away by repository, and by registry where there are several", async () => {
  await world.operator("PUT", "/registries/second.example.com", {
    url: "https://second.example.com",
    token: "x5c",
  });
  const second = { ...APP, registry: "second.example.com" };
  await world.operator("POST", PATH, second);
  const vague = await world.operator("DELETE", `${PATH}?repository=acme/app`);
  expect([vague.status, vague.body]).toMatchObject([400, { reason: "request_malformed" }]);
  const removed = await world.operator("DELETE", `${PATH}?repository=acme/app&registry=${registry}`);
  expect([removed.status, removed.body]).toEqual([200, { permissions: [second] }]);
  expect((await world.operator("DELETE", `${PATH}?repository=acme%2Fapp`)).body).toEqual({ permissions: [] });
});

it("reach into another namespace for who administers both", async () => {
  const foreign = { repository: "alice/app", role: "read" };
  const { status, body } = await (await world.holder("org:admin"))("POST", PATH, foreign);
  expect([status, body]).toEqual([200, { permissions: [APP, { registry, ...foreign }] }]);
  const writer = await world.holder("permissions:write");
  // It has as much there already.
  expect((await writer("POST", PATH, foreign)).status).toBe(200);
  const more = await writer("POST", PATH, { ...foreign, role: "write" });
  expect([more.status, more.body]).toMatchObject([403, { reason: "permission_foreign" }]);
  const outsider = await apiToken(world.berth, { scopes: ["org:admin"], namespaces: ["alice"] });
  expect((await manage(world.berth.app, "GET", PATH, { token: outsider })).status).toBe(403);
});

it.each([
  ["a role that there is not", { repository: "acme/app", role: "owner" }, "role"],
  ["a pattern of namespaces", { repository: "*/app", role: "read" }, "repository"],
  ["no repository", { role: "read" }, "repository"],
  ["one twice", { permissions: [APP, APP] }, "stands twice"],
])("are refused for %s", async (_, body, detail) => {
  const method = "permissions" in body ? "PUT" : "POST";
  const refused = await world.operator(method, PATH, body);
  expect([refused.status, refused.body]).toMatchObject([
    400,
    { reason: "request_malformed", detail: expect.stringContaining(detail) },
  ]);
  expect(await world.changes()).toEqual([]);
});
