import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { aRegistry, SERVICE } from "../../support/baseline.ts";
import { type ManagedBerth, startManagedBerth } from "../../support/managed-berth.ts";
import { registryToken } from "../../support/requests.ts";

let world: ManagedBerth;
beforeAll(async () => {
  world = await startManagedBerth();
});
beforeEach(() => world.reset());
afterAll(() => world.berth.close());

const PATH = "/repository/acme/tools/permissions/user/acme+builder";
const PERMISSION = {
  role: "write",
  name: "acme+builder",
  is_robot: true,
  is_org_member: true,
  registry: SERVICE,
};

describe("a robot's permission on a repository", () => {
  it.each(["read", "write", "admin"])("is given as %s, read and taken", async (role) => {
    const given = await world.operator("PUT", PATH, { role });
    expect([given.status, given.body]).toEqual([200, { ...PERMISSION, role }]);
    const got = await world.operator("GET", PATH);
    expect([got.status, got.body]).toEqual([200, { ...PERMISSION, role }]);
    expect(got.headers.get("etag")).toBe(given.headers.get("etag"));
    expect((await world.operator("GET", "/repository/acme/tools/permissions/user/")).body).toEqual({
      permissions: { "acme+builder": { ...PERMISSION, role } },
    });
    const taken = await world.operator("DELETE", PATH);
    expect([taken.status, taken.body]).toEqual([204, undefined]);
    // Quay: 400 "User does not have permission for repo."
    const gone = await world.operator("GET", PATH);
    expect([gone.status, gone.body]).toMatchObject([404, { reason: "permission_unknown" }]);
  });

  it.each<{ role: string; actions: readonly string[] }>([
    { role: "read", actions: ["pull"] },
    { role: "write", actions: ["pull", "push"] },
    { role: "admin", actions: ["pull", "push", "delete"] },
  ])("as $role allows a registry $actions", async ({ role, actions }) => {
    await world.operator("PUT", PATH, { role });
    const { body } = await world.operator("POST", "/organization/acme/robots/builder/regenerate");
    const password = (body as { token: string }).token;
    const scopes = ["repository:acme/tools:pull,push,delete"];
    const answer = await registryToken(world.berth.app, { password, scopes });
    const [, payload = ""] = String(answer.body.token).split(".");
    const { access } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { access: object[] };
    expect(access).toEqual([{ type: "repository", name: "acme/tools", actions }]);
  });

  it("changes its role in place", async () => {
    await world.operator("PUT", PATH, { role: "write" });
    await world.operator("PUT", PATH, { role: "read" });
    const { body } = await world.operator("GET", "/organization/acme/robots/builder/permissions");
    expect((body as { permissions: object[] }).permissions).toMatchObject([
      { repository: { name: "app" }, role: "write" },
      { repository: { name: "tools" }, role: "read" },
    ]);
  });

  it("is on a repository of several parts as well, and on an encoded path", async () => {
    const path = "/repository/acme/team/tools/permissions/user/acme%2Bbuilder";
    expect((await world.operator("PUT", path, { role: "read" })).status).toBe(200);
    expect((await world.operator("GET", path)).body).toEqual({ ...PERMISSION, role: "read" });
  });

  it.each<{ what: string; path: string; body?: object; status: number; reason: string }>([
    {
      what: "a role that is none",
      path: PATH,
      body: { role: "owner" },
      status: 400,
      reason: "request_malformed",
    },
    { what: "no role", path: PATH, body: {}, status: 400, reason: "request_malformed" },
    // Quay: 400 "Invalid username: X"
    {
      what: "a user who is no robot",
      path: "/repository/acme/tools/permissions/user/alice",
      status: 400,
      reason: "name_malformed",
    },
    {
      what: "an unknown robot",
      path: "/repository/acme/tools/permissions/user/acme+nobody",
      status: 404,
      reason: "robot_unknown",
    },
    {
      what: "a repository that is none",
      path: "/repository/acme/To*ls/permissions/user/acme+builder",
      status: 400,
      reason: "name_malformed",
    },
    {
      what: "an unknown registry",
      path: `${PATH}?registry=nowhere`,
      status: 400,
      reason: "registry_unknown",
    },
    {
      what: "a robot that grants API scopes",
      path: "/repository/acme/tools/permissions/user/acme+deployer",
      status: 400,
      reason: "rules_refused",
    },
  ])("is not given to $what", async ({ path, body = { role: "write" }, status, reason }) => {
    const answer = await world.operator("PUT", path, body);
    expect([answer.status, answer.body]).toMatchObject([status, { reason, status }]);
    expect(await world.changes()).toEqual([]);
  });

  // Quay: 400 "Cannot add robot X under namespace Y"
  it("reaches into another namespace only by that one's administrator", async () => {
    const foreign = "/repository/other/app/permissions/user/acme+builder";
    const writer = await world.holder("org:admin");
    const refused = await writer("PUT", foreign, { role: "read" });
    expect([refused.status, refused.body]).toMatchObject([403, { reason: "permission_foreign" }]);
    expect(await world.changes()).toEqual([]);
    expect((await world.operator("PUT", foreign, { role: "read" })).status).toBe(200);
  });

  it("is not taken where there is none", async () => {
    const answer = await world.operator("DELETE", PATH);
    expect([answer.status, answer.body]).toMatchObject([404, { reason: "permission_unknown" }]);
    expect(await world.changes()).toEqual([]);
  });
});

describe("with two registries", () => {
  beforeEach(async () => {
    await world.berth.put({
      registries: [aRegistry(), aRegistry({ service: "mirror.example.com" })],
      namespace: { managedBy: "api" },
      robot: { managedBy: "api", permissions: [] },
    });
  });

  it("a permission names one of them, and the list shows the one that is asked for", async () => {
    const refused = await world.operator("PUT", PATH, { role: "write" });
    expect([refused.status, refused.body]).toMatchObject([400, { reason: "request_malformed" }]);
    for (const [registry, role] of [
      [SERVICE, "read"],
      ["mirror.example.com", "write"],
    ]) {
      const given = await world.operator("PUT", `${PATH}?registry=${registry}`, { role });
      expect(given.body).toEqual({ ...PERMISSION, role, registry });
    }
    const listed = await world.operator(
      "GET",
      "/repository/acme/tools/permissions/user/?registry=mirror.example.com",
    );
    expect(listed.body).toMatchObject({ permissions: { "acme+builder": { role: "write" } } });
    const ambiguous = await world.operator("DELETE", PATH);
    expect([ambiguous.status, ambiguous.body]).toMatchObject([400, { reason: "request_malformed" }]);
    expect((await world.operator("DELETE", `${PATH}?registry=mirror.example.com`)).status).toBe(204);
    expect((await world.operator("GET", PATH)).body).toEqual({ ...PERMISSION, role: "read" });
  });
});
