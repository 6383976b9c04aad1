import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ApplyWorld, declaring, OWNED } from "../../../test/support/apply-world.ts";
import { aRule } from "../../../test/support/baseline.ts";
import { aDeclaration, declaredRobot } from "../../../test/support/declaration-store.ts";
import { A_JOB, AN_OPERATOR, aChangeBy } from "../../../test/support/management-world.ts";
import type { DeclaredRobot } from "../../domain/accounts/declaration.ts";
import { UnavailableError } from "../ports.ts";
import { applyForCaller } from "./apply-for-caller.ts";
import { updateRobot } from "./manage-robots.ts";

let world: ApplyWorld;
beforeEach(async () => {
  world = await ApplyWorld.with();
});
afterEach(() => world.close());

const ALL = { caller: AN_OPERATOR };

describe("applyForCaller", () => {
  it("makes the directory what is declared, for the client and by the caller", async () => {
    expect(await world.applied(declaring([{}]))).toEqual([
      "namespace acme unchanged",
      "robot acme+builder created",
    ]);
    expect(await world.robot()).toMatchObject({ ...declaredRobot(), managedBy: "apply:default" });
    expect(await world.namespace()).toMatchObject({ managedBy: "api" });
    expect(await world.events()).toMatchObject([
      {
        kind: "directory.changed",
        at: world.clock.now(),
        requestId: "request-1",
        clientAddress: "192.0.2.7",
        actor: "token:1",
        namespace: "acme",
        robot: "acme+builder",
        changes: [{ object: "robot acme+builder", after: { managedBy: "apply:default" } }],
      },
    ]);
  });

  it("does nothing the second time", async () => {
    await world.applied(declaring([{}]));
    const before = [await world.robot(), await world.events()];
    expect(await world.applied(declaring([{}]))).toEqual([
      "namespace acme unchanged",
      "robot acme+builder unchanged",
    ]);
    expect([await world.robot(), await world.events()]).toEqual(before);
  });

  it("puts back what was disabled for an emergency, whatever was applied last", async () => {
    await world.applied(declaring([{}]));
    await updateRobot(world.deps, "acme+builder", { enabled: false }, aChangeBy());
    expect((await world.robot())?.enabled).toBe(false);
    expect(await world.applied(declaring([{}]))).toContain("robot acme+builder changed");
    expect((await world.robot())?.enabled).toBe(true);
  });

  it("names no robot in the record of several, and no address where none is known", async () => {
    const { clientAddress: _, ...context } = aChangeBy();
    const robots: Partial<DeclaredRobot>[] = [{}, { name: "acme+other" }];
    const request = { declaration: declaring(robots), client: "default", prune: false };
    expect(await applyForCaller(world.registryDeps, request, context)).toMatchObject({ ok: true });
    const [event] = await world.events();
    expect(event).not.toHaveProperty("robot");
    expect(event).not.toHaveProperty("clientAddress");
  });

  it("gives a registry that pins a key its first one, once", async () => {
    const [registry] = aDeclaration().registries;
    if (registry === undefined) throw new Error("no registry");
    const registries = [{ ...registry, service: "zot.example.com", tokenForm: "pinned" as const }];
    const declaration = aDeclaration({ issuers: [], namespaces: [], registries });
    await world.applied(declaration, ALL);
    await world.applied(declaration, ALL);
    expect((await world.directory.readKeys()).map(({ use, status }) => `${use} ${status}`)).toEqual([
      "pinned active",
    ]);
  });

  it("is refused as unavailable where the store does not answer", async () => {
    world.breakStore();
    expect(await world.apply(declaring([{}]))).toMatchObject({
      ok: false,
      error: { reason: "store_unavailable" },
    });
  });
});

describe("what is declared no more", () => {
  const OTHERS = ["acme+api", "acme+theirs"];
  beforeEach(async () => {
    await world.put({
      robots: [
        { ...OWNED },
        { name: "acme+api", uid: "api-uid" },
        { name: "acme+theirs", uid: "theirs-uid", managedBy: "apply:theirs" },
      ],
    });
  });
  const names = async () => (await world.directory.listRobots("acme", "", 10)).map(({ name }) => name);

  it("goes, in a namespace that is declared, as far as the same client applied it", async () => {
    expect(await world.applied(declaring([]))).toEqual([
      "namespace acme unchanged",
      "robot acme+builder removed",
    ]);
    expect(await names()).toEqual(OTHERS);
  });

  it("stays in a namespace that is not, until it is to be pruned", async () => {
    const nothing = declaring([], { namespaces: [] });
    expect(await world.applied(nothing)).toEqual([]);
    expect(await names()).toHaveLength(3);
    expect(await world.applied(nothing, { prune: true })).toEqual(["robot acme+builder removed"]);
    expect(await names()).toEqual(OTHERS);
  });

  it("stays where the caller may not look", async () => {
    const nothing = declaring([], { namespaces: [] });
    expect(await world.applied(nothing, { prune: true, caller: { namespaces: ["beta"] } })).toEqual([]);
    expect(await names()).toHaveLength(3);
  });
});

describe("a revision", () => {
  const second = declaring([{}], { revision: 2 });
  const first = declaring([{ description: "old" }], { revision: 1 });

  it("below the one that the same client applied is refused, and nothing is written", async () => {
    await world.applied(second);
    const before = await world.events();
    expect(await world.apply(first)).toEqual({
      ok: false,
      error: { reason: "stale_revision", detail: "the store has revision 2, the declaration 1" },
    });
    expect(await world.events()).toEqual(before);
  });

  it("is raised also where nothing else is to do", async () => {
    await world.applied(declaring([{}]));
    await world.applied(second);
    expect(await world.apply(first)).toMatchObject({ ok: false, error: { reason: "stale_revision" } });
  });

  it("of another client, or of a caller of another reach, is its own", async () => {
    await world.applied(second);
    const nothing = declaring([], { namespaces: [], revision: 1 });
    expect(await world.applied(nothing, { client: "other" })).toEqual([]);
    expect(await world.applied(nothing, { caller: { namespaces: ["beta"] } })).toEqual([]);
    expect(await world.applied(nothing, { caller: { namespaces: "all" } })).toEqual([]);
    expect(await world.applied(nothing, { caller: A_JOB })).toEqual([]);
    const reach = { caller: { namespaces: ["beta", "acme"] } };
    expect(await world.applied({ ...nothing, revision: 5 }, reach)).toEqual([]);
    const turned = { caller: { namespaces: ["acme", "beta"] } };
    expect(await world.apply(nothing, turned)).toMatchObject({ error: { reason: "stale_revision" } });
  });
});

describe("the digest of a plan", () => {
  const declaration = declaring([{ description: "new" }]);
  const digest = async () => {
    const planned = await world.plan(declaration);
    return planned.ok ? planned.value.digest : "";
  };
  beforeEach(() => world.put({ robots: [OWNED] }));

  it("is met by what was planned", async () => {
    const ifMatch = await digest();
    expect(ifMatch).toMatch(/^[0-9a-f]{64}$/);
    expect(await world.applied(declaration, { context: { ifMatch } })).toContain(
      "robot acme+builder changed",
    );
  });

  it("is met where others have written what the plan does not touch", async () => {
    const ifMatch = await digest();
    await world.put({ robots: [{ name: "acme+other", uid: "other-uid" }] });
    expect(await world.apply(declaration, { context: { ifMatch } })).toMatchObject({ ok: true });
  });

  it.each([
    ["somebody has disabled the robot", {}, declaration],
    ["another declaration is shown with it", undefined, declaring([{ description: "else" }])],
  ])("is refused where %s, and nothing is written", async (_, disable, shown) => {
    const ifMatch = await digest();
    if (disable) await updateRobot(world.deps, "acme+builder", { enabled: false }, aChangeBy());
    const before = await world.events();
    expect(await world.apply(shown, { context: { ifMatch } })).toMatchObject({
      ok: false,
      error: { reason: "precondition_failed" },
    });
    expect(await world.events()).toEqual(before);
  });

  it.each([{ client: "other" }, { prune: true }])("is not that of %o", async (change) => {
    const other = await world.plan(declaration, change);
    expect(other.ok && other.value.digest).not.toBe(await digest());
  });
});

describe("a run", () => {
  it("is judged once more before each commit: it does not enable what was disabled meanwhile", async () => {
    await world.put({ robots: [OWNED] });
    const rules = [{ ...declaredRobot().rules[0], ...aRule({ subject: "repo:acme/app:other" }) }];
    world.directory.meddle = async () => {
      world.directory.meddle = async () => undefined;
      await updateRobot(world.deps, "acme+builder", { enabled: false }, aChangeBy());
    };
    expect(await world.apply(declaring([{ rules }]), { caller: { scopes: ["rules:write"] } })).toMatchObject({
      ok: false,
      error: { reason: "insufficient_scope", objects: [{ sentence: "needs robots:write" }] },
    });
    expect((await world.robot())?.enabled).toBe(false);
  });

  it("that was broken off is finished by the next", async () => {
    const names = ["acme", "beta", "gamma"];
    const namespaces = names.map(
      (name) => ({ name, kind: "organization", enabled: true, robots: [] }) as const,
    );
    const declaration = declaring([], { namespaces });
    let commits = 0;
    world.directory.meddle = async () => {
      commits += 1;
      if (commits === 2) throw new UnavailableError("gone");
    };
    expect(await world.apply(declaration, ALL)).toMatchObject({ error: { reason: "store_unavailable" } });
    expect((await world.directory.listNamespaces()).map(({ name }) => name)).toEqual(["acme", "beta"]);
    expect(await world.applied(declaration, ALL)).toEqual([
      "namespace acme unchanged",
      "namespace beta unchanged",
      "namespace gamma created",
    ]);
  });

  it("waits for another, and gives up after 25 seconds", async () => {
    const start = world.clock.now();
    await world.directory.acquireLease("declaration", "other", 3600);
    expect(await world.apply(declaring([{}]))).toEqual({
      ok: false,
      error: { reason: "conflict", detail: "another process applies a declaration" },
    });
    expect(world.clock.now()).toBe(start + 25_000);
  });
});
