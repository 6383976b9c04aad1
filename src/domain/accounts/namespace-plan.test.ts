import { describe, expect, it } from "vitest";
import { aNamespace, aRobot, aRule } from "../../../test/support/baseline.ts";
import { declaredRobot } from "../../../test/support/declaration-store.ts";
import { declared, fullPlan, NOW, OWNER, plan, state } from "../../../test/support/namespace-plans.ts";
import { bare } from "../../../test/support/planned-objects.ts";
import type { DeclaredNamespace } from "./declaration.ts";
import { planNamespaceRemoval } from "./namespace-plan.ts";

describe("planNamespace", () => {
  it("creates a namespace with its robots, all nonces and ids new", () => {
    expect(plan(undefined, declared([declaredRobot({ tokenHash: "hash" })]))).toEqual({
      namespace: aNamespace({ nonce: "drawn-1" }),
      putRobots: [
        aRobot({
          uid: "drawn-4",
          nonce: "drawn-5",
          createdAt: NOW,
          rules: [aRule({ id: "drawn-3", nonce: "drawn-2" })],
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

  it.each<{ what: string; change: Partial<DeclaredNamespace> }>([
    { what: "another kind", change: { kind: "user" } },
    { what: "it disabled", change: { enabled: false } },
  ])("is a conflict where another owner has the namespace, and the declaration wants $what", ({ change }) => {
    expect(plan(state([], { managedBy: "api" }), declared([declaredRobot()], change))).toEqual({
      namespace: aNamespace({ managedBy: "api" }),
      putRobots: [],
      removeRobots: [],
      objects: [{ kind: "namespace", name: "acme", outcome: "conflict", managedBy: "api" }],
    });
  });

  it("puts robots into a namespace of another owner that is declared just as it is", () => {
    const theirs = aRobot({ name: "acme+theirs", managedBy: "api" });
    const old = aRobot({ name: "acme+old" });
    const planned = plan(state([theirs, old], { managedBy: "api" }), declared([declaredRobot()]));
    expect(planned).toMatchObject({
      namespace: aNamespace({ managedBy: "api" }),
      putRobots: [{ name: "acme+builder", managedBy: OWNER }],
      removeRobots: ["acme+old"],
      objects: [
        { kind: "namespace", name: "acme", outcome: "unchanged" },
        { kind: "robot", name: "acme+builder", outcome: "created" },
        { kind: "robot", name: "acme+old", outcome: "removed" },
      ],
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

describe("a plan that adopts", () => {
  const token = { hash: "hash", number: 3, createdAt: NOW, declared: false };
  const theirs = state([aRobot({ managedBy: "api", token })], { managedBy: "api" });

  it("makes its own what is declared and the API made, and ends nothing that was earned", () => {
    expect(plan(theirs, declared([declaredRobot()]), true)).toEqual({
      namespace: aNamespace({ managedBy: OWNER }),
      putRobots: [aRobot({ managedBy: OWNER, token })],
      removeRobots: [],
      objects: [
        { kind: "namespace", name: "acme", outcome: "changed" },
        { kind: "robot", name: "acme+builder", outcome: "changed" },
      ],
    });
  });

  it("shows whose it was", () => {
    const { objects } = fullPlan(theirs, declared([declaredRobot()]), true);
    const [before, after] = [{ managedBy: "api" }, { managedBy: OWNER }];
    expect(objects).toMatchObject([
      { before, after },
      { before, after },
    ]);
  });

  it("leaves what is not declared to the API", () => {
    expect(plan(theirs, declared([]), true)).toMatchObject({ putRobots: [], removeRobots: [] });
  });

  it.each(["apply:theirs", "file ", "API"])("takes nothing from %j", (managedBy) => {
    const current = state([aRobot({ managedBy })], { managedBy });
    expect(plan(current, declared([declaredRobot()]), true)).toEqual({
      namespace: aNamespace({ managedBy }),
      putRobots: [],
      removeRobots: [],
      objects: [
        { kind: "namespace", name: "acme", outcome: "unchanged" },
        { kind: "robot", name: "acme+builder", outcome: "conflict", managedBy },
      ],
    });
  });
});

describe("a plan's views", () => {
  const kind = "organization";

  it("show what is created whole, without nonces, ids and hashes", () => {
    const { objects } = fullPlan(undefined, declared([declaredRobot({ tokenHash: "hash" })]));
    const { nonce, ...rule } = aRule({ id: "drawn-3" });
    expect(objects.map(({ before, after }) => ({ before, after }))).toEqual([
      { after: { kind, enabled: true, managedBy: OWNER } },
      {
        after: {
          enabled: true,
          description: "",
          createdAt: NOW,
          permissions: aRobot().permissions,
          catalog: false,
          rules: [rule],
          token: { number: 1, createdAt: NOW },
          managedBy: OWNER,
        },
      },
    ]);
  });

  it("show what differs of what is changed", () => {
    const desired = declared([declaredRobot({ catalog: true })], { kind: "user" });
    expect(fullPlan(state(), desired).objects).toMatchObject([
      { before: { kind }, after: { kind: "user" } },
      { before: { catalog: false }, after: { catalog: true } },
    ]);
  });

  it("show what was there of what is removed, and nothing of what stays", () => {
    const [namespace, robot] = fullPlan(state(), declared([])).objects;
    expect(namespace).toEqual({ kind: "namespace", name: "acme", outcome: "unchanged" });
    expect(robot).toMatchObject({ before: { description: "", managedBy: OWNER } });
    expect(robot).not.toHaveProperty("after");
    expect(planNamespaceRemoval(state(), OWNER).objects).toMatchObject([
      { before: { kind, managedBy: OWNER } },
      { before: { description: "" } },
    ]);
  });
});

describe("planNamespaceRemoval", () => {
  it("removes a namespace with its robots", () => {
    const { objects, ...planned } = planNamespaceRemoval(state(), OWNER);
    expect({ ...planned, objects: bare(objects) }).toEqual({
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

  it("takes its own robots out of a namespace of another owner, and leaves the rest", () => {
    const theirs = aRobot({ name: "acme+theirs", managedBy: "api" });
    const planned = planNamespaceRemoval(state([aRobot(), theirs], { managedBy: "api" }), OWNER);
    expect({ ...planned, objects: bare(planned.objects) }).toEqual({
      namespace: aNamespace({ managedBy: "api" }),
      putRobots: [],
      removeRobots: ["acme+builder"],
      objects: [{ kind: "robot", name: "acme+builder", outcome: "removed" }],
    });
  });
});
