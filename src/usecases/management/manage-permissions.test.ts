import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aRule, SERVICE } from "../../../test/support/baseline.ts";
import { AN_OPERATOR, aChangeBy, ManagementWorld } from "../../../test/support/management-world.ts";
import type { Permission } from "../../domain/access/permission.ts";
import type { Robot } from "../../domain/accounts/robot.ts";
import { err, ok } from "../../domain/result.ts";
import {
  findRepositoryPermissions,
  putPermission,
  removePermission,
  replacePermissions,
} from "./manage-permissions.ts";
import type { PermissionRequest } from "./requested-permission.ts";

let world: ManagementWorld;
beforeEach(async () => {
  world = new ManagementWorld();
  await world.put();
});
afterEach(() => world.close());

const SECOND = "second.example.com";
const APP: Permission = { registry: SERVICE, repository: "acme/app", role: "write" };
const BASE: Permission = { registry: SERVICE, repository: "acme/base", role: "read" };
const FOREIGN: Permission = { registry: SERVICE, repository: "other/app", role: "read" };
const put = (permission: PermissionRequest, context = aChangeBy(), name: Robot["name"] = "acme+builder") =>
  putPermission(world.deps, name, permission, context);
const remove = (permission: Omit<PermissionRequest, "role">) =>
  removePermission(world.deps, "acme+builder", permission, aChangeBy());
const replace = (permissions: readonly PermissionRequest[], context = aChangeBy()) =>
  replacePermissions(world.deps, "acme+builder", permissions, context);
const permissions = async () => (await world.robot())?.permissions;

describe("a permission that a rule grants by name", () => {
  const beyond = {
    level: "refuse",
    code: "permission-beyond-robot",
    ruleIndex: 0,
    at: ["permissions", 0],
    sentence: "is not within the robot's permissions",
    mend: "add it there first",
    page: "docs/rule-findings.md#permission-beyond-robot",
  };
  const refused = err({
    reason: "rules_refused",
    detail: expect.stringContaining("permissions.0 is not within the robot's permissions"),
    findings: [beyond],
  });
  beforeEach(() =>
    world.put({ robots: [{ permissions: [APP, BASE], rules: [aRule({ permissions: [APP] })] }] }),
  );

  it.each([
    { what: "taken away", change: () => remove(APP) },
    { what: "given a lower role", change: () => put({ ...APP, role: "read" }) },
    { what: "replaced", change: () => replace([BASE]) },
  ])("is not $what", async ({ change }) => {
    expect(await change()).toEqual(refused);
    expect(await permissions()).toEqual([APP, BASE]);
    expect(await world.events()).toEqual([]);
  });

  it("does not hinder a change of another", async () => {
    expect(await remove(BASE)).toMatchObject({ ok: true });
    expect(await put({ ...APP, role: "admin" })).toMatchObject({ ok: true });
  });

  it("does not hinder any change once it is missing anyway, or its issuer is", async () => {
    const gone = aRule({ id: "rule-2", issuer: "https://gone.example.com", permissions: [APP] });
    await world.put({ robots: [{ permissions: [BASE], rules: [aRule({ permissions: [APP] }), gone] }] });
    expect(await replace([])).toMatchObject({ ok: true });
  });
});

describe("removePermission", () => {
  it("takes it away and ends what was earned; the registry goes without saying", async () => {
    expect(await remove({ repository: "acme/app" })).toMatchObject({ ok: true });
    expect(await permissions()).toEqual([]);
    expect((await world.robot())?.nonce).not.toBe("robot-nonce");
  });

  it("takes that of one registry, also of one that is registered no more", async () => {
    await world.put({ robots: [{ permissions: [APP, { ...APP, registry: SECOND }] }] });
    expect(await remove({ repository: "acme/app", registry: SECOND })).toMatchObject({ ok: true });
    expect(await permissions()).toEqual([APP]);
  });

  it.each<{ what: string; asked: Omit<PermissionRequest, "role">; refusal: object }>([
    {
      what: "one that the robot has not",
      asked: { repository: "acme/base" },
      refusal: { reason: "permission_unknown", detail: "acme/base" },
    },
    {
      what: "one at another registry",
      asked: { repository: "acme/app", registry: "third.example.com" },
      refusal: { reason: "permission_unknown", detail: "acme/app" },
    },
    {
      what: "one of two without their registry",
      asked: { repository: "acme/app" },
      refusal: { reason: "request_malformed", detail: `needs a registry: ${SERVICE}, ${SECOND}` },
    },
  ])("refuses $what, and writes nothing", async ({ asked, refusal }) => {
    await world.put({ robots: [{ permissions: [APP, { ...APP, registry: SECOND }] }] });
    expect(await remove(asked)).toEqual(err(refusal));
    expect(await permissions()).toHaveLength(2);
    expect(await world.events()).toEqual([]);
  });
});

describe("replacePermissions", () => {
  it("gives these and no others, in their order", async () => {
    expect(await replace([BASE, { repository: "acme/**", role: "write" }])).toMatchObject({ ok: true });
    expect(await permissions()).toEqual([BASE, { registry: SERVICE, repository: "acme/**", role: "write" }]);
    // `acme/**` covers what it had.
    expect((await world.robot())?.nonce).toBe("robot-nonce");
  });

  it.each<{ what: string; asked: readonly PermissionRequest[]; refusal: object }>([
    {
      what: "a repository twice",
      asked: [BASE, { repository: "acme/base", role: "write" }],
      refusal: { reason: "request_malformed", detail: "acme/base stands twice" },
    },
    {
      what: "an unknown registry",
      asked: [BASE, { ...BASE, registry: SECOND }],
      refusal: { reason: "registry_unknown", detail: SECOND },
    },
    { what: "a foreign one", asked: [FOREIGN], refusal: { reason: "permission_foreign", detail: "other" } },
  ])("refuses $what, and writes nothing", async ({ asked, refusal }) => {
    expect(await replace(asked)).toEqual(err(refusal));
    expect(await permissions()).toEqual([APP]);
    expect(await world.events()).toEqual([]);
  });

  it("gives nothing to a robot that grants API scopes", async () => {
    await world.put({ robots: [{ permissions: [], rules: [aRule({ apiScopes: ["robots:write"] })] }] });
    expect(await replace([BASE], aChangeBy(AN_OPERATOR))).toMatchObject(err({ reason: "rules_refused" }));
    expect(await permissions()).toEqual([]);
  });
});

describe("findRepositoryPermissions", () => {
  it("finds the robots that name the repository itself", async () => {
    await world.put({
      robots: [
        {},
        { name: "acme+pattern", permissions: [{ ...APP, repository: "acme/*" }] },
        { name: "acme+reader", permissions: [BASE, { ...APP, role: "read" }] },
      ],
    });
    const found = await findRepositoryPermissions(world.deps, "acme", "acme/app");
    expect(found).toEqual(ok([await world.robot(), await world.robot("acme+reader")]));
  });

  it("knows no namespace that is not there, and refuses while the store does not answer", async () => {
    expect(await findRepositoryPermissions(world.deps, "other", "other/app")).toEqual(
      err({ reason: "namespace_unknown", detail: "other" }),
    );
    world.breakStore();
    expect(await findRepositoryPermissions(world.deps, "acme", "acme/app")).toMatchObject(
      err({ reason: "store_unavailable" }),
    );
  });
});
