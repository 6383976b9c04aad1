import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aRegistry, SERVICE } from "../../../test/support/baseline.ts";
import { A_JOB, AN_OPERATOR, aChangeBy, ManagementWorld } from "../../../test/support/management-world.ts";
import type { Permission } from "../../domain/access/permission.ts";
import type { Robot } from "../../domain/accounts/robot.ts";
import { err, ok } from "../../domain/result.ts";
import type { ChangeContext } from "./change-context.ts";
import { putPermission } from "./manage-permissions.ts";
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
const permissions = async () => (await world.robot())?.permissions;

describe("putPermission", () => {
  it("adds one, and leaves running jobs alone", async () => {
    const before = await world.robot();
    const robot = { ...before, permissions: [APP, BASE] };
    expect(await put(BASE)).toEqual(ok({ robot, version: expect.any(String) }));
    expect(await world.robot()).toEqual(robot);
    expect(await world.events()).toMatchObject([
      {
        kind: "directory.changed",
        robot: "acme+builder",
        changes: [
          { object: "robot acme+builder", before: { permissions: [] }, after: { permissions: [BASE] } },
        ],
      },
    ]);
  });

  it("gives the one of that registry and repository another role, in its place", async () => {
    await put(BASE);
    await put({ ...APP, role: "read" });
    expect(await permissions()).toEqual([{ ...APP, role: "read" }, BASE]);
    expect((await world.robot())?.nonce).not.toBe("robot-nonce");
  });

  it("tells registries apart", async () => {
    await world.put({ registries: [aRegistry(), aRegistry({ service: SECOND })] });
    await put({ ...APP, registry: SECOND });
    expect(await permissions()).toEqual([APP, { ...APP, registry: SECOND }]);
  });

  it("takes the only registry where none is named", async () => {
    await put({ repository: "acme/*", role: "read" });
    expect(await permissions()).toEqual([APP, { registry: SERVICE, repository: "acme/*", role: "read" }]);
  });

  it.each<{ who: string; context: ChangeContext }>([
    { who: "who administers that too", context: aChangeBy({ namespaces: ["acme", "other"] }) },
    { who: "an operator", context: aChangeBy(AN_OPERATOR) },
  ])("lets $who give one of another namespace", async ({ context }) => {
    expect(await put(FOREIGN, context)).toMatchObject({ ok: true });
  });

  it("lets anybody narrow one of another namespace that is there", async () => {
    await world.put({ robots: [{ permissions: [{ ...FOREIGN, role: "admin" }] }] });
    expect(await put({ ...FOREIGN, role: "write" })).toMatchObject({ ok: true });
    expect(await permissions()).toEqual([{ ...FOREIGN, role: "write" }]);
  });

  it.each<{
    what: string;
    permission?: Partial<PermissionRequest>;
    context?: ChangeContext;
    name?: Robot["name"];
    refusal: object;
  }>([
    {
      what: "another namespace's repository",
      permission: FOREIGN,
      refusal: { reason: "permission_foreign", detail: "other" },
    },
    {
      what: "a higher role than the robot has there",
      permission: { repository: "third/app", role: "write" },
      refusal: { reason: "permission_foreign", detail: "third" },
    },
    {
      what: "another namespace's repository for who only writes permissions in both",
      permission: FOREIGN,
      context: aChangeBy({ ...A_JOB, namespaces: ["acme", "other"] }),
      refusal: { reason: "permission_foreign", detail: "other" },
    },
    {
      what: "a pattern of namespaces",
      permission: { repository: "*/app" },
      refusal: {
        reason: "request_malformed",
        detail: "repository is neither a repository's name nor a pattern within one namespace",
      },
    },
    {
      what: "an unknown registry",
      permission: { registry: SECOND },
      refusal: { reason: "registry_unknown", detail: SECOND },
    },
    {
      what: "an unknown robot",
      name: "acme+nobody",
      refusal: { reason: "robot_unknown", detail: "acme+nobody" },
    },
    {
      what: "an unknown namespace",
      name: "other+builder",
      refusal: { reason: "namespace_unknown", detail: "other" },
    },
    {
      what: "another version",
      context: aChangeBy({}, { ifMatch: "x" }),
      refusal: { reason: "precondition_failed" },
    },
  ])("refuses $what, and writes nothing", async ({ permission, context, name, refusal }) => {
    await world.put({ robots: [{ permissions: [APP, { ...FOREIGN, repository: "third/app" }] }] });
    const before = await world.robot();
    expect(await put({ ...BASE, ...permission }, context, name)).toEqual(err(refusal));
    expect(await world.robot()).toEqual(before);
    expect(await world.events()).toEqual([]);
  });

  it("needs a registry while there are two", async () => {
    await world.put({ registries: [aRegistry({ service: SECOND })] });
    expect(await put({ repository: "acme/base", role: "read" })).toEqual(
      err({
        reason: "request_malformed",
        detail: "needs a registry: 2 are there, so none goes without saying",
      }),
    );
    expect(await world.events()).toEqual([]);
  });

  it("takes a thousand, and not one more", async () => {
    const many = Array.from({ length: 1000 }, (_, at) => ({ ...BASE, repository: `acme/app-${at}` }));
    await world.put({ robots: [{ permissions: many, rules: [] }] });
    expect(await put({ ...BASE, repository: "acme/app-0", role: "write" })).toMatchObject({ ok: true });
    expect(await put(BASE)).toEqual(
      err({ reason: "limit_reached", detail: "a robot has at most 1000 permissions" }),
    );
    expect(await permissions()).toHaveLength(1000);
  });
});
