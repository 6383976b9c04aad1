import { describe, expect, it } from "vitest";
import { aRobot, aRule, SERVICE } from "../../../test/support/baseline.ts";
import { declaredRobot } from "../../../test/support/declaration-store.ts";
import { declared, NOW, plan, put, state } from "../../../test/support/namespace-plans.ts";
import type { DeclaredRobot } from "./declaration.ts";
import type { Robot, RobotToken } from "./robot.ts";

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
    expect(put({}, { token: { ...token, declared: true } })).toEqual(
      aRobot({ nonce: "drawn-1", lastTokenNumber: token.number }),
    );
  });
});

describe("what a declaration has no word for", () => {
  const token: RobotToken = { hash: "hash", number: 2, createdAt: 5, declared: false };
  const previousToken: RobotToken = { ...token, hash: "before", number: 1, expiresAt: 9 };

  it.each<{ what: string; from: Partial<Robot> }>([
    { what: "metadata", from: { metadata: { team: "one" } } },
    { what: "that it may have no token", from: { keylessOnly: true } },
    { what: "the token before the last", from: { token, previousToken } },
  ])("stays: $what", ({ from }) => {
    expect(put({ description: "new" }, from)).toEqual(aRobot({ ...from, description: "new" }));
  });

  it.each<{ what: string; from: Partial<Robot>; change: Partial<DeclaredRobot>; left: Partial<Robot> }>([
    {
      what: "the token before the last, when another is declared",
      from: { token, previousToken },
      change: { tokenHash: "other" },
      left: { token: { hash: "other", number: 3, createdAt: NOW, declared: true } },
    },
    {
      what: "the token before the last, when the last goes",
      from: { token: { ...token, declared: true }, previousToken },
      change: {},
      left: { lastTokenNumber: 2 },
    },
    {
      what: "that it may have no token, when one is declared",
      from: { keylessOnly: true },
      change: { tokenHash: "other" },
      left: { token: { hash: "other", number: 1, createdAt: NOW, declared: true } },
    },
  ])("goes: $what", ({ from, change, left }) => {
    expect(put(change, from)).toEqual(aRobot({ nonce: "drawn-1", ...left }));
  });
});
