import { describe, expect, it } from "vitest";
import { aRobot, aRule, SERVICE } from "../../../test/support/baseline.ts";
import { parseDockerScopes } from "../access/docker-scope.ts";
import type { Robot } from "../accounts/robot.ts";
import { asVerifiedClaims } from "../identity/claims.ts";
import { gitlab } from "../identity/profiles/gitlab.ts";
import {
  type AskedGrant,
  apiScopesOf,
  type Earner,
  formatRuleGrant,
  grantOfRule,
} from "./api-scope-grant.ts";
import type { FederationRule } from "./federation-rule.ts";

const EARNER: Earner = {
  claims: asVerifiedClaims(new Map([["project_path", "acme/app"]])),
  profile: gitlab,
  replay: "once",
};
const WRITE = { registry: SERVICE, repository: "acme/app", role: "write" } as const;
const DOCKER = parseDockerScopes(["repository:acme/app:pull"]);

const adminRule = (change: Partial<FederationRule> = {}) =>
  aRule({ apiScopes: ["robots:write", "rules:write"], ...change });
const adminRobot = (change: Partial<Robot> = {}) =>
  aRobot({ permissions: [], rules: [adminRule()], ...change });

interface Exchange {
  readonly robot?: Robot;
  readonly rule?: FederationRule;
  readonly asked?: Partial<AskedGrant>;
  readonly to?: Partial<Earner>;
}

const grantFor = ({ robot = adminRobot(), rule = adminRule(), asked = {}, to = {} }: Exchange) =>
  grantOfRule(robot, rule, { scopes: [], ...asked }, { ...EARNER, ...to });

describe("a rule that grants API scopes", () => {
  const WHOLE = { grants: [], catalog: false, apiScopes: ["robots:write", "rules:write"] };
  const RULES = { ...WHOLE, apiScopes: ["rules:write"] };

  it.each<{ what: string; exchange: Exchange; grant: object | undefined }>([
    { what: "all of them, and no access", exchange: {}, grant: WHOLE },
    {
      what: "those that are asked for",
      exchange: { asked: { apiScopes: ["rules:write", "permissions:write", "super:user"] } },
      grant: RULES,
    },
    { what: "no others", exchange: { asked: { apiScopes: ["super:user"] } }, grant: undefined },
    { what: "nothing for none", exchange: { asked: { apiScopes: [] } }, grant: undefined },
    { what: "no Docker scopes", exchange: { asked: { scopes: DOCKER } }, grant: undefined },
    { what: "no registry's password", exchange: { asked: { registryOnly: true } }, grant: undefined },
    {
      what: "the same to who wants no registry's password in particular",
      exchange: { asked: { registryOnly: false } },
      grant: WHOLE,
    },
    { what: "to a token that is used up by its jti", exchange: { to: { replay: "jti" } }, grant: WHOLE },
    {
      what: "nothing to a token that can be shown again",
      exchange: { to: { replay: "reusable" } },
      grant: undefined,
    },
    {
      what: "nothing beside permissions",
      exchange: { robot: adminRobot({ permissions: [WRITE] }) },
      grant: undefined,
    },
  ])("gives $what", ({ exchange, grant }) => {
    expect(grantFor(exchange)).toEqual(grant);
  });
});

describe("a rule that grants registry access", () => {
  const robot = aRobot();
  const PULL = { grants: [{ registry: SERVICE, repository: "acme/app", actions: ["pull"] }], catalog: false };
  const PUSH = { ...PULL, grants: [{ ...PULL.grants[0], actions: ["pull", "push"] }] };

  it.each<{ what: string; exchange: Exchange; grant: object | undefined }>([
    { what: "the robot's", exchange: {}, grant: PUSH },
    { what: "it as a registry's password", exchange: { asked: { registryOnly: true } }, grant: PUSH },
    { what: "it to a token that can be shown again", exchange: { to: { replay: "reusable" } }, grant: PUSH },
    { what: "what is asked for", exchange: { asked: { scopes: DOCKER } }, grant: PULL },
    {
      what: "nothing where nothing of it is the robot's",
      exchange: { asked: { scopes: parseDockerScopes(["repository:acme/other:pull"]) } },
      grant: undefined,
    },
    {
      what: "nothing where its repositories cannot be filled",
      exchange: {
        rule: aRule({ permissions: [{ ...WRITE, repository: "acme/{project_name}" }] }),
        to: { claims: asVerifiedClaims(new Map()) },
      },
      grant: undefined,
    },
    {
      what: "nothing willingly, for a robot that has nothing",
      exchange: { robot: aRobot({ permissions: [] }) },
      grant: { grants: [], catalog: false },
    },
    { what: "no API scopes", exchange: { asked: { apiScopes: ["rules:write"] } }, grant: undefined },
  ])("gives $what", ({ exchange, grant }) => {
    expect(grantFor({ robot, rule: aRule(), ...exchange })).toEqual(grant);
  });
});

describe("apiScopesOf", () => {
  it.each<{ robot: string; of: Robot; scopes: readonly string[] }>([
    { robot: "one for administration", of: adminRobot(), scopes: ["robots:write", "rules:write"] },
    { robot: "one with a permission", of: adminRobot({ permissions: [WRITE] }), scopes: [] },
    { robot: "one with the catalogue", of: adminRobot({ catalog: true }), scopes: [] },
    {
      robot: "one with another rule for registries",
      of: adminRobot({ rules: [adminRule(), aRule({ id: "rule-2" })] }),
      scopes: [],
    },
    {
      robot: "one with two rules, by the id",
      of: adminRobot({ rules: [adminRule({ id: "rule-2", apiScopes: ["permissions:write"] }), adminRule()] }),
      scopes: ["robots:write", "rules:write"],
    },
    { robot: "one without that rule", of: adminRobot({ rules: [adminRule({ id: "rule-2" })] }), scopes: [] },
    { robot: "one without rules", of: adminRobot({ rules: [] }), scopes: [] },
  ])("of $robot: $scopes", ({ of, scopes }) => {
    expect(apiScopesOf(of, "rule-1")).toEqual(scopes);
  });
});

it("writes a grant as API scopes, or as Docker has it", () => {
  expect(formatRuleGrant({ grants: [], catalog: false, apiScopes: ["rules:write", "robots:write"] })).toBe(
    "rules:write robots:write",
  );
  expect(formatRuleGrant({ grants: [], catalog: true })).toBe("registry:catalog:*");
});
