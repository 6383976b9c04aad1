import { describe, expect, it } from "vitest";
import { aRobot, aRule, SERVICE } from "../../../test/support/baseline.ts";
import { type DockerScope, parseDockerScopes } from "../access/docker-scope.ts";
import type { Access } from "../access/granted-access.ts";
import type { Action, Grant, Permission, Role } from "../access/permission.ts";
import { asVerifiedClaims } from "../identity/claims.ts";
import { gitlab } from "../identity/profiles/gitlab.ts";
import type { JsonValue } from "../identity/strict-json.ts";
import { type GrantedTo, isEmpty, narrowAccess, robotAccess } from "./grant.ts";

const OTHER = "other.example.com";
const may = (repository: string, role: Role, registry = SERVICE): Permission => ({
  registry,
  repository,
  role,
});
const gives = (repository: string, ...actions: Action[]): Grant => ({
  registry: SERVICE,
  repository,
  actions,
});

const jobOf = (claims: Readonly<Record<string, JsonValue>>): GrantedTo => ({
  claims: asVerifiedClaims(new Map(Object.entries(claims))),
  profile: gitlab,
});
const JOB = jobOf({ project_path: "Group/Sub/App" });

const asks = (text: string): readonly DockerScope[] => parseDockerScopes([text]);

describe("robotAccess", () => {
  it("is all that the robot has", () => {
    const robot = aRobot({
      permissions: [may("acme/*", "read"), may("acme/app", "admin", OTHER)],
      catalog: true,
    });
    expect(robotAccess(robot)).toEqual({
      grants: [
        gives("acme/*", "pull"),
        { registry: OTHER, repository: "acme/app", actions: ["pull", "push", "delete"] },
      ],
      catalog: true,
    });
  });
});

describe("narrowAccess", () => {
  const robot = aRobot({ permissions: [may("acme/*", "write")], catalog: true });
  const whole = aRule();
  const part = aRule({ permissions: [may("acme/app", "read")] });

  it.each<{ request: string; rule: typeof whole; asked: string; access: Access }>([
    {
      request: "all, under a rule without permissions",
      rule: whole,
      asked: "",
      access: { grants: [gives("acme/*", "pull", "push")], catalog: true },
    },
    {
      request: "all, under a rule with permissions",
      rule: part,
      asked: "",
      access: { grants: [gives("acme/app", "pull")], catalog: false },
    },
    {
      request: "all, under a rule with an empty list",
      rule: aRule({ permissions: [] }),
      asked: "",
      access: { grants: [], catalog: false },
    },
    {
      request: "a repository of the robot's pattern",
      rule: whole,
      asked: "repository:acme/web:pull",
      access: { grants: [gives("acme/web", "pull")], catalog: false },
    },
    {
      request: "two repositories",
      rule: whole,
      asked: "repository:acme/web:pull repository:acme/app:push",
      access: { grants: [gives("acme/web", "pull"), gives("acme/app", "push")], catalog: false },
    },
    {
      request: "every action",
      rule: whole,
      asked: "repository:acme/web:*",
      access: { grants: [gives("acme/web", "pull", "push")], catalog: false },
    },
    {
      request: "more actions than the rule's",
      rule: part,
      asked: "repository:acme/app:pull,push",
      access: { grants: [gives("acme/app", "pull")], catalog: false },
    },
    {
      request: "another repository than the rule's",
      rule: part,
      asked: "repository:acme/web:pull",
      access: { grants: [], catalog: false },
    },
    {
      request: "more than the robot has, of a rule that names more",
      rule: aRule({ permissions: [may("acme/app", "admin"), may("beta/app", "read")] }),
      asked: "repository:acme/app:* repository:beta/app:pull",
      access: { grants: [gives("acme/app", "pull", "push")], catalog: false },
    },
    {
      request: "a pattern",
      rule: whole,
      asked: "repository:acme/*:pull",
      access: { grants: [], catalog: false },
    },
    {
      request: "another type of thing by a repository's name",
      rule: whole,
      asked: "image:acme/app:pull",
      access: { grants: [], catalog: false },
    },
    {
      request: "the catalogue",
      rule: whole,
      asked: "registry:catalog:*",
      access: { grants: [], catalog: true },
    },
    {
      request: "the catalogue and a repository",
      rule: whole,
      asked: "registry:catalog:* repository:acme/app:pull",
      access: { grants: [gives("acme/app", "pull")], catalog: true },
    },
    {
      request: "the catalogue, of a rule with permissions",
      rule: part,
      asked: "registry:catalog:*",
      access: { grants: [], catalog: false },
    },
  ])("gives what the rule has of $request", ({ rule, asked, access }) => {
    expect(narrowAccess(robot, rule, asks(asked), JOB)).toEqual(access);
  });

  it("gives no catalogue of a robot that has none", () => {
    expect(narrowAccess(aRobot(), whole, [], JOB)).toMatchObject({ catalog: false });
    expect(narrowAccess(aRobot(), whole, asks("registry:catalog:*"), JOB)).toEqual({
      grants: [],
      catalog: false,
    });
  });

  it("names each registry once that allows what was asked, and no other", () => {
    const permissions = [
      may("acme/app", "read"),
      may("acme/*", "read"),
      may("acme/app", "write", OTHER),
      may("acme/web", "read", "third"),
    ];
    expect(
      narrowAccess(aRobot({ permissions }), whole, asks("repository:acme/app:pull,push"), JOB).grants,
    ).toEqual([
      gives("acme/app", "pull"),
      { registry: OTHER, repository: "acme/app", actions: ["pull", "push"] },
    ]);
  });
});

describe("narrowAccess of a rule with variables", () => {
  const robot = aRobot({ permissions: [may("acme/*", "write"), may("acme/group/**", "read")] });
  const rule = aRule({
    permissions: [
      may("acme/{project_name}", "write"),
      may("acme/{project_path}", "read"),
      may("acme/base", "read"),
    ],
  });
  const base = gives("acme/base", "pull");

  it.each<{ path: JsonValue; grants: readonly Grant[] }>([
    {
      path: "Group/Sub/App",
      grants: [gives("acme/app", "pull", "push"), gives("acme/group/sub/app", "pull"), base],
    },
    // The second permission becomes acme/other/app, which is not the robot's.
    { path: "other/app", grants: [gives("acme/app", "pull", "push"), base] },
    { path: "", grants: [base] },
    { path: null, grants: [base] },
    { path: "**", grants: [base] },
    { path: "group/*", grants: [base] },
    { path: "../other/app/..", grants: [base] },
    { path: "group/app:latest", grants: [base] },
    { path: "group/{project_name}", grants: [base] },
  ])("gives the job of $path what the claim fills in", ({ path, grants }) => {
    expect(narrowAccess(robot, rule, [], jobOf({ project_path: path }))).toEqual({ grants, catalog: false });
  });

  it("grants nothing of a role that the robot has not there", () => {
    const admin = aRule({ permissions: [may("acme/{project_name}", "admin")] });
    expect(narrowAccess(robot, admin, [], JOB)).toEqual({ grants: [], catalog: false });
  });

  it("narrows what was filled in to what was asked", () => {
    const asked = asks(
      "repository:acme/app:pull repository:acme/other:pull repository:acme/{project_name}:pull",
    );
    expect(narrowAccess(robot, rule, asked, JOB).grants).toEqual([gives("acme/app", "pull")]);
  });
});

describe("isEmpty", () => {
  it.each<{ access: Access; is: boolean }>([
    { access: { grants: [], catalog: false }, is: true },
    { access: { grants: [], catalog: true }, is: false },
    { access: { grants: [gives("acme/app", "pull")], catalog: false }, is: false },
  ])("is $is of $access", ({ access, is }) => {
    expect(isEmpty(access)).toBe(is);
  });
});
