import { isPattern } from "../access/pattern.ts";
import type { DeclaredRule } from "../accounts/declaration.ts";
import type { Profile } from "../identity/profiles/profile.ts";
import { finding, type RuleFinding } from "./rule-finding.ts";
import { type LintContext, type LintedIssuer, ownerIds, pinsExactly } from "./rule-pins.ts";

const AT = ["api_scopes"] as const;

/**
 * What is wrong with a rule by which CI jobs administer a namespace. Whoever it lets in can let others in, so what
 * is advice elsewhere is demanded: ids instead of names, and identity tokens that are used up.
 *
 * @param rules All of the robot's.
 */
export function apiScopeFindings(
  rule: DeclaredRule,
  rules: readonly DeclaredRule[],
  { profile, replay }: LintedIssuer,
  robot: Pick<LintContext, "robotPermissions" | "robotCatalog">,
): RuleFinding[] {
  if (rule.apiScopes === undefined) return besideApiScopes(rules);
  return [
    ...withPermissions(rule, robot),
    ...(pinsOwner(rule, profile) ? [] : [withoutId(profile)]),
    ...(replay === "reusable" ? [onReusable()] : []),
    ...(saysWhichJob(rule, profile) ? [] : [forEveryJob()]),
  ];
}

/** Told at the other rule: which of the two is the wrong one, only its author knows. */
function besideApiScopes(rules: readonly DeclaredRule[]): RuleFinding[] {
  if (rules.every(({ apiScopes }) => apiScopes === undefined)) return [];
  return [kindsMixed([], "grants registry access, and another rule of the robot API scopes")];
}

function withPermissions(
  rule: DeclaredRule,
  { robotPermissions, robotCatalog }: Pick<LintContext, "robotPermissions" | "robotCatalog">,
): RuleFinding[] {
  if (rule.permissions !== undefined) return [kindsMixed(AT, "stands beside permissions")];
  if (robotPermissions.length === 0 && !robotCatalog) return [];
  return [kindsMixed(AT, "is of a robot that has registry permissions or the catalogue")];
}

/** Where a family has no ids of owners, its issuers are one's own, and the whole subject of one job is the most there is. */
function pinsOwner(rule: DeclaredRule, profile: Profile): boolean {
  const ids = ownerIds(profile);
  return ids.length > 0 ? ids.some((claim) => pinsExactly(rule, claim)) : !isPattern(rule.subject);
}

/** A claim that names no tenant says which of the tenant's jobs: a branch, an environment, a workflow. */
function saysWhichJob(rule: DeclaredRule, profile: Profile): boolean {
  const isOfTenant = (name: string) => profile.tenants.some(({ claim }) => claim === name);
  const others = Object.keys(rule.claims).filter((name) => !isOfTenant(name));
  return !isPattern(rule.subject) || others.some((name) => pinsExactly(rule, name));
}

function kindsMixed(at: RuleFinding["at"], sentence: string): RuleFinding {
  return finding(
    "api-scopes-with-permissions",
    at,
    sentence,
    "make a robot account of its own for administration, without permissions",
  );
}

function withoutId(profile: Profile): RuleFinding {
  const ids = ownerIds(profile);
  return finding(
    "api-scopes-without-id",
    AT,
    "lets jobs administer the namespace, and the rule does not write out the id of their owner",
    ids.length > 0 ? `add ${ids.join(" or ")} without a wildcard` : "write the subject without a wildcard",
  );
}

function onReusable(): RuleFinding {
  return finding(
    "api-scopes-on-reusable",
    ["issuer"],
    "does not use its identity tokens up, and whoever reads one could administer the namespace with it",
    "register the issuer with replay: once, or use an API token",
  );
}

function forEveryJob(): RuleFinding {
  return finding(
    "api-scopes-for-every-job",
    ["subject"],
    "lets every job of that owner administer the namespace, those of any branch included",
    "name the branch, environment or workflow, in the subject or by a claim, and protect it on the platform",
  );
}
