import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type ManagedBerth, startManagedBerth } from "../../support/managed-berth.ts";
import { credentialFor, registryToken } from "../../support/requests.ts";
import { storeRobot } from "../../support/stored-robot.ts";

let world: ManagedBerth;
beforeAll(async () => {
  world = await startManagedBerth();
});
beforeEach(() => world.reset());
afterAll(() => world.berth.close());

const ACME = { name: "acme", kind: "organization", enabled: true, managed_by: "api" };
const ALICE = { name: "alice", kind: "user", enabled: true, managed_by: "api" };

it("lists the namespaces that the caller is bound to, and no others", async () => {
  await world.operator("POST", "/namespaces", { name: "hidden" });
  const reader = await world.holder("org:read");
  expect((await reader("GET", "/namespaces")).body).toEqual({ namespaces: [ACME, ALICE] });
  const hidden = { ...ACME, name: "hidden" };
  expect((await world.operator("GET", "/namespaces")).body).toEqual({ namespaces: [ACME, ALICE, hidden] });
});

it("creates, reads, disables and deletes one, and says where its images may be", async () => {
  const created = await world.operator("POST", "/namespaces", { name: "fresh", kind: "user" });
  expect([created.status, created.body]).toEqual([201, { ...ALICE, name: "fresh" }]);
  expect(await world.operator("GET", "/namespaces/fresh")).toMatchObject({ status: 200, body: created.body });
  const disabled = await world.operator("PATCH", "/namespaces/fresh", { enabled: false });
  expect(disabled.body).toEqual({ ...ALICE, name: "fresh", enabled: false });
  expect(disabled.headers.get("etag")).not.toBe(created.headers.get("etag"));
  const deleted = await world.operator("DELETE", "/namespaces/fresh");
  expect([deleted.status, deleted.body]).toEqual([
    200,
    { name: "fresh", registries: ["registry.example.com"] },
  ]);
  expect((await world.operator("GET", "/namespaces/fresh")).status).toBe(404);
});

it("keeps a deleted namespace's name until an operator releases it", async () => {
  await world.operator("POST", "/namespaces", { name: "gone" });
  await world.operator("DELETE", "/namespaces/gone");
  const since = new Date(Math.floor(world.berth.clock.now() / 1000) * 1000).toISOString();
  expect((await world.operator("GET", "/reserved-names")).body).toEqual({ names: [{ name: "gone", since }] });
  expect((await world.operator("POST", "/namespaces", { name: "gone" })).status).toBe(409);
  expect((await world.operator("DELETE", "/reserved-names/gone")).status).toBe(204);
  expect((await world.operator("GET", "/reserved-names")).body).toEqual({ names: [] });
  expect((await world.operator("POST", "/namespaces", { name: "gone" })).status).toBe(201);
});

it("ends what was earned in a namespace that a file manages, when it is disabled", async () => {
  await storeRobot(world.berth, { rules: (await builder()).rules }, { managedBy: "file" });
  const password = await credentialFor(world.berth.app, await world.berth.issuer.sign());
  const { status, body } = await world.operator("PATCH", "/namespaces/acme", { enabled: false });
  expect([status, body]).toEqual([200, { ...ACME, enabled: false, managed_by: "file" }]);
  expect((await registryToken(world.berth.app, { password })).status).toBe(401);
});

async function builder() {
  const robot = (await world.berth.directory.readRobot("acme+builder"))?.robot;
  if (robot === undefined) throw new Error("no acme+builder");
  return robot;
}
