import { describe, expect, it } from "vitest";
import { aNamespace, aRobot, aRule, SERVICE } from "../../../test/support/baseline.ts";
import type { DeclaredNamespace, DeclaredRobot } from "./declaration.ts";
import { type NamespaceState, planNamespace, planNamespaceRemoval } from "./namespace-plan.ts";
import type { Robot, RobotToken } from "./robot.ts";

const OWNER = "file";
const NOW = 1_800_000_000;

/** What the baseline's robot is, as a file declares it. */
function declaredRobot(change: Partial<DeclaredRobot> = {}): DeclaredRobot {
  const { name, enabled, description, permissions, catalog } = aRobot();
  const { id, nonce, ...rule } = aRule();
  return { name, enabled, description, permissions, catalog, rules: [rule], ...change };
}

function declared(
  robots: readonly DeclaredRobot[],
  change: Partial<DeclaredNamespace> = {},
): DeclaredNamespace {
  return { name: "acme", kind: "organization", enabled: true, robots, ...change };
}

function state(robots: readonly Robot[] = [aRobot()], change: Partial<NamespaceState["namespace"]> = {}) {
  return { namespace: aNamespace(change), robots };
}

function plan(current: NamespaceState | undefined, desired: DeclaredNamespace) {
  let drawn = 0;
  const draw = () => {
    drawn += 1;
    return `drawn-${drawn}`;
  };
  return planNamespace(current, desired, { owner: OWNER, draw }, NOW);
}

/** The robot that is put when the baseline's robot, changed by `from`, is declared with `change`. */
function put(change: Partial<DeclaredRobot>, from: Partial<Robot> = {}): Robot | undefined {
  return plan(state([aRobot(from)]), declared([declaredRobot(change)])).putRobots[0];
}

describe("planNamespace", () => {
  it("creates a namespace with its robots, all nonces and ids new", () => {
    expect(plan(undefined, declared([declaredRobot({ tokenHash: "hash" })]))).toEqual({
      namespace: aNamespace({ nonce: "drawn-1" }),
      putRobots: [
        aRobot({
          uid: "drawn-2",
          nonce: "drawn-3",
          createdAt: NOW,
          rules: [aRule({ id: "drawn-5", nonce: "drawn-4" })],
          token: { hash: "hash", number: 1, createdAt: NOW, declared: true },
        }),
      ],
      removeRobots: [],
      objects: [
        { kind: "namespace", name: "acme", outcome: "created" },
        { kind: "robot", name: "acme+builder", outcome: "created" },
      ],
    });
  });

  it("has nothing to do for the same content", () => {
    expect(plan(state(), declared([declaredRobot()]))).toEqual({
      namespace: aNamespace(),
      putRobots: [],
      removeRobots: [],
      objects: [
        { kind: "namespace", name: "acme", outcome: "unchanged" },
        { kind: "robot", name: "acme+builder", outcome: "unchanged" },
      ],
    });
  });

  it.each([
    { from: { enabled: true }, change: { enabled: false }, nonce: "drawn-1" },
    { from: { enabled: false }, change: { enabled: true }, nonce: "drawn-1" },
    { from: {}, change: { kind: "user" }, nonce: "namespace-nonce" },
  ] as const)("gives a namespace that becomes $change the nonce $nonce", ({ from, change, nonce }) => {
    const { namespace, objects } = plan(state([], from), declared([], change));
    expect(namespace).toEqual(aNamespace({ ...change, nonce }));
    expect(objects).toEqual([{ kind: "namespace", name: "acme", outcome: "changed" }]);
  });

  it("removes its own robots that are declared no more, and leaves those of others", () => {
    const theirs = aRobot({ name: "acme+theirs", managedBy: "api" });
    expect(plan(state([aRobot(), theirs]), declared([]))).toMatchObject({
      putRobots: [],
      removeRobots: ["acme+builder"],
      objects: [{ kind: "namespace" }, { kind: "robot", name: "acme+builder", outcome: "removed" }],
    });
  });

  it("is a conflict where another owner has the namespace", () => {
    expect(plan(state([], { managedBy: "api" }), declared([declaredRobot()]))).toEqual({
      namespace: aNamespace({ managedBy: "api" }),
      putRobots: [],
      removeRobots: [],
      objects: [{ kind: "namespace", name: "acme", outcome: "conflict", managedBy: "api" }],
    });
  });

  it("is a conflict where another owner has the robot", () => {
    const current = state([aRobot({ managedBy: "api" })]);
    expect(plan(current, declared([declaredRobot({ enabled: false })]))).toMatchObject({
      putRobots: [],
      objects: [
        { outcome: "unchanged" },
        { kind: "robot", name: "acme+builder", outcome: "conflict", managedBy: "api" },
      ],
    });
  });
});

describe("a declared robot's nonce", () => {
  const write = { registry: SERVICE, repository: "acme/app", role: "write" } as const;
  const pull = { registry: SERVICE, repository: "acme/base", role: "read" } as const;
  const wide = { registry: SERVICE, repository: "acme/*", role: "admin" } as const;
  const [rule] = declaredRobot().rules;

  it.each<{ what: string; change: Partial<DeclaredRobot>; from?: Partial<Robot> }>([
    { what: "a description", change: { description: "new" } },
    { what: "one more permission", change: { permissions: [write, pull] } },
    { what: "a wider permission", change: { permissions: [wide] } },
    {
      what: "another order of permissions",
      change: { permissions: [write, pull] },
      from: { permissions: [pull, write] },
    },
    { what: "no rule", change: { rules: [] } },
    { what: "one more rule", change: { rules: rule ? [rule, { ...rule, subject: "other" }] : [] } },
  ])("stays with $what", ({ change, from }) => {
    expect(put(change, from)).toMatchObject({
      uid: "robot-uid",
      nonce: "robot-nonce",
      createdAt: 1_700_000_000,
    });
  });

  it.each<{ what: string; change: Partial<DeclaredRobot>; from?: Partial<Robot> }>([
    { what: "disabling", change: { enabled: false } },
    { what: "enabling", change: {}, from: { enabled: false } },
    { what: "the catalogue flag", change: { catalog: true } },
    { what: "no permission", change: { permissions: [] } },
    { what: "a permission less", change: {}, from: { permissions: [write, pull] } },
    { what: "a lower role", change: { permissions: [{ ...write, role: "read" }] } },
    { what: "a narrower pattern", change: {}, from: { permissions: [wide] } },
    { what: "another registry", change: { permissions: [{ ...write, registry: "other" }] } },
    { what: "a token", change: { tokenHash: "hash" } },
  ])("is new with $what", ({ change, from }) => {
    const robot = put(change, from);
    expect(robot).toMatchObject({ uid: "robot-uid", nonce: "drawn-1", createdAt: 1_700_000_000 });
    expect(robot?.rules).toEqual([aRule()]);
  });
});

describe("a declared robot's token", () => {
  const token: RobotToken = { hash: "hash", number: 2, createdAt: 5, declared: false };
  it("stays when it was made on request and none is declared", () => {
    const current = state([aRobot({ token })]);
    expect(plan(current, declared([declaredRobot()])).putRobots).toEqual([]);
  });

  it("is replaced by the declared one", () => {
    expect(put({ tokenHash: "other" }, { token })).toEqual(
      aRobot({ nonce: "drawn-1", token: { hash: "other", number: 3, createdAt: NOW, declared: true } }),
    );
  });

  it("becomes the declaration's when that names the same one, and revokes nothing", () => {
    expect(put({ tokenHash: "hash" }, { token })).toEqual(aRobot({ token: { ...token, declared: true } }));
  });

  it("goes when the declaration that named it does so no more", () => {
    expect(put({}, { token: { ...token, declared: true } })).toEqual(aRobot({ nonce: "drawn-1" }));
  });
});

describe("planNamespaceRemoval", () => {
  it("removes a namespace with its robots", () => {
    expect(planNamespaceRemoval(state(), OWNER)).toEqual({
      namespace: undefined,
      putRobots: [],
      removeRobots: [],
      objects: [
        { kind: "namespace", name: "acme", outcome: "removed" },
        { kind: "robot", name: "acme+builder", outcome: "removed" },
      ],
    });
  });

  it("is a conflict where another owner has a robot in it", () => {
    const theirs = aRobot({ name: "acme+theirs", managedBy: "api" });
    expect(planNamespaceRemoval(state([aRobot(), theirs]), OWNER)).toEqual({
      namespace: aNamespace(),
      putRobots: [],
      removeRobots: [],
      objects: [{ kind: "robot", name: "acme+theirs", outcome: "conflict", managedBy: "api" }],
    });
  });
});
