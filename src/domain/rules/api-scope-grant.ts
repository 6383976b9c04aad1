import type { ApiScope, GrantableApiScope } from "../access/api-scope.ts";
import type { DockerScope } from "../access/docker-scope.ts";
import { type Access, formatAccess } from "../access/granted-access.ts";
import type { Robot } from "../accounts/robot.ts";
import type { ReplayPolicy } from "../identity/issuer.ts";
import type { FederationRule } from "./federation-rule.ts";
import { type GrantedTo, isEmpty, narrowAccess } from "./grant.ts";

/** What a rule gives: access to registries, or API scopes and none. */
export interface RuleGrant extends Access {
  readonly apiScopes?: readonly GrantableApiScope[];
}

/** The grant for an answer's `scope` and the auditor: API scopes, or Docker's syntax. */
export function formatRuleGrant(grant: RuleGrant): string {
  return grant.apiScopes?.join(" ") ?? formatAccess(grant);
}

/** What an exchange asks of the rule that matched. */
export interface AskedGrant {
  /** Narrows the rule's permissions; empty: all of them. */
  readonly scopes: readonly DockerScope[];
  /** Narrows the rule's API scopes; absent: all of them. Never beside Docker scopes. */
  readonly apiScopes?: readonly ApiScope[];
  /** Whether the answer is read as a registry's password, and so cannot be an API token. */
  readonly registryOnly?: boolean;
}

/** Who earned a grant, and whether they may show the same identity token again. */
export interface Earner extends GrantedTo {
  readonly replay: ReplayPolicy;
}

const NO_ACCESS: Access = { grants: [], catalog: false };

/**
 * What an exchange under `rule` gives; undefined when it is nothing of what was asked. A rule gives one kind: a job that may administer a namespace is not the one that pushes
 * its images.
 */
export function grantOfRule(
  robot: Robot,
  rule: FederationRule,
  asked: AskedGrant,
  to: Earner,
): RuleGrant | undefined {
  if (rule.apiScopes !== undefined) return apiGrant(robot, rule, asked, to);
  if (asked.apiScopes !== undefined) return undefined;
  const access = narrowAccess(robot, rule, asked.scopes, to);
  const narrowed = asked.scopes.length + (rule.permissions?.length ?? 0) > 0;
  // A robot that has nothing gets a credential for nothing; a narrower part of it that is empty was a mistake.
  return isEmpty(access) && narrowed ? undefined : access;
}

function apiGrant(
  robot: Robot,
  rule: FederationRule,
  asked: AskedGrant,
  { replay }: Earner,
): RuleGrant | undefined {
  // Quay's answer has one member, which clients hand to `docker login`: an API token would end in their files.
  if (asked.registryOnly === true || asked.scopes.length > 0) return undefined;
  // The linter refuses it too, but an issuer can be changed behind a rule.
  if (replay === "reusable") return undefined;
  const apiScopes = apiScopesOf(robot, rule.id).filter(
    (scope) => asked.apiScopes === undefined || asked.apiScopes.includes(scope),
  );
  return apiScopes.length === 0 ? undefined : { ...NO_ACCESS, apiScopes };
}

/**
 * The API scopes that a robot's rule gives, now: none unless the robot is for administration alone. The linter sees
 * to that; this holds for whatever a store says.
 */
export function apiScopesOf(robot: Robot, ruleId: string): readonly GrantableApiScope[] {
  if (robot.permissions.length > 0 || robot.catalog) return [];
  if (robot.rules.some(({ apiScopes }) => apiScopes === undefined)) return [];
  return robot.rules.find(({ id }) => id === ruleId)?.apiScopes ?? [];
}
