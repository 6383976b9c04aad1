import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ManagedBerth, startManagedBerth } from "../../support/managed-berth.ts";
import { registryToken } from "../../support/requests.ts";

let world: ManagedBerth;
beforeAll(async () => {
  world = await startManagedBerth();
});
beforeEach(() => world.reset());
afterAll(() => world.berth.close());

describe("organizations", () => {
  it.each(["/organization/", "/organization"])("are created at %s, and are there", async (path) => {
    // `email` is Quay's: Berth has no use for it.
    const created = await world.operator("POST", path, { name: "neworg", email: "neworg@example.com" });
    expect([created.status, created.body]).toEqual([201, "Created"]);
    const got = await world.operator("GET", "/organization/neworg");
    expect([got.status, got.body]).toEqual([
      200,
      { name: "neworg", email: "", is_admin: true, is_member: true },
    ]);
    expect(await world.changes()).toEqual(["directory.changed namespace neworg"]);
  });

  it("tell a reader that they are no admin", async () => {
    const reader = await world.holder("org:read");
    expect((await reader("GET", "/organization/acme")).body).toMatchObject({
      is_admin: false,
      is_member: true,
    });
  });

  // Quay: 400 "A user or organization with this name already exists"
  it.each<{ what: string; name: unknown; status: number; reason: string }>([
    { what: "an organization's name", name: "acme", status: 409, reason: "name_taken" },
    { what: "a user's name", name: "alice", status: 409, reason: "name_taken" },
    { what: "capitals", name: "NewOrg", status: 400, reason: "name_malformed" },
    { what: "a slash", name: "new/org", status: 400, reason: "name_malformed" },
    { what: "braces", name: "new{org}", status: 400, reason: "name_malformed" },
    { what: "nothing", name: "", status: 400, reason: "name_malformed" },
    { what: "no text", name: 7, status: 400, reason: "request_malformed" },
  ])("are not created with $what", async ({ name, status, reason }) => {
    const answer = await world.operator("POST", "/organization/", { name });
    expect([answer.status, answer.body]).toMatchObject([status, { reason }]);
    expect(await world.changes()).toEqual([]);
  });

  // Quay: test_mark_namespace_for_deletion_*, test_grace_period_blocks_namespace_reregistration
  it("are deleted with their robots, and their name is nobody's", async () => {
    const { body } = await world.operator("PUT", "/organization/acme/robots/coolbot");
    const robot = { username: "acme+coolbot", password: (body as { token: string }).token };
    expect((await registryToken(world.berth.app, robot)).status).toBe(200);
    const deleted = await world.operator("DELETE", "/organization/acme");
    expect([deleted.status, deleted.body]).toEqual([204, undefined]);
    expect((await registryToken(world.berth.app, robot)).status).toBe(401);
    for (const path of [
      "/organization/acme",
      "/organization/acme/robots",
      "/organization/acme/robots/coolbot",
    ]) {
      const answer = await world.operator("GET", path);
      expect([answer.status, answer.body]).toMatchObject([404, { reason: "namespace_unknown" }]);
    }
    const again = await world.operator("POST", "/organization/", { name: "acme" });
    expect([again.status, again.body]).toMatchObject([409, { reason: "name_reserved" }]);
  });

  it.each(["GET", "DELETE"])("answer 404 to %s of one that is not there", async (method) => {
    const answer = await world.operator(method, "/organization/nobody");
    expect([answer.status, answer.body]).toMatchObject([404, { reason: "namespace_unknown" }]);
  });

  it("do not show whether they are there to those who may not read them", async () => {
    const other = await world.holder("org:admin");
    const answers = [await other("GET", "/organization/other"), await other("GET", "/organization/nobody")];
    await world.operator("POST", "/organization/", { name: "other" });
    answers.push(await other("GET", "/organization/other"));
    for (const { status, body } of answers) {
      expect([status, body]).toMatchObject([403, { reason: "insufficient_scope" }]);
    }
  });

  it("are not a user by another path, nor a user an organization", async () => {
    const answers = await Promise.all([
      world.operator("GET", "/organization/alice"),
      world.operator("DELETE", "/superuser/users/acme"),
    ]);
    for (const { status, body } of answers) {
      expect([status, body]).toMatchObject([404, { reason: "namespace_unknown" }]);
    }
    expect(await world.changes()).toEqual([]);
  });
});

describe("users", () => {
  it("are created without a password, and deleted", async () => {
    const created = await world.operator("POST", "/superuser/users/", {
      username: "bob",
      email: "b@example.com",
    });
    expect([created.status, created.body]).toEqual([200, { username: "bob", email: "" }]);
    const deleted = await world.operator("DELETE", "/superuser/users/bob");
    expect([deleted.status, deleted.body]).toEqual([204, undefined]);
    expect(await world.changes()).toEqual([
      "directory.changed namespace bob",
      "directory.changed namespace bob",
    ]);
  });

  it.each(["/user/", "/user"])("learn at %s who they are", async (path) => {
    const alice = await world.holder("org:read");
    const shown = { anonymous: false, username: "alice", email: "", verified: true, is_me: true };
    expect((await alice("GET", path)).body).toEqual({ ...shown, super_user: false });
    expect((await world.operator("GET", path)).body).toEqual({ ...shown, super_user: true });
  });
});
