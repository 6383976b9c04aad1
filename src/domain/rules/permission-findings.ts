import type { Permission } from "../access/permission.ts";
import { isCovered } from "../access/permission-cover.ts";
import type { DeclaredRule } from "../accounts/declaration.ts";
import type { Profile } from "../identity/profiles/profile.ts";
import { hasVariables, variableNamed, variablesOf, widestOf } from "./repository-template.ts";
import { finding, type RuleFinding } from "./rule-finding.ts";
import { type LintContext, type LintedIssuer, pinsExactly, tenantIds } from "./rule-pins.ts";

/** What the rule grants: a part of the robot's permissions, with variables only where the tenant is certain. */
export function permissionFindings(
  rule: DeclaredRule,
  { profile }: LintedIssuer,
  { robotPermissions }: Pick<LintContext, "robotPermissions">,
): RuleFinding[] {
  return (rule.permissions ?? []).flatMap((permission, at) => {
    const unknown = variablesOf(permission.repository).filter((name) => !variableNamed(profile, name));
    if (unknown.length > 0) return unknown.map((name) => unknownVariable(at, name, profile));
    return [
      ...(hasVariables(permission.repository) && !pinsOneTenantId(rule, profile)
        ? [templateWithoutTenant(at, profile)]
        : []),
      ...(isWithin(permission, profile, robotPermissions) ? [] : [beyondRobot(at)]),
    ];
  });
}

function isWithin(permission: Permission, profile: Profile, by: readonly Permission[]): boolean {
  return isCovered({ ...permission, repository: widestOf(permission.repository, profile) }, by);
}

/** One, with one owner: two tenants of a rule could each have an `app`, and share a repository. */
function pinsOneTenantId(rule: DeclaredRule, profile: Profile): boolean {
  return profile.tenants.some(
    ({ claim, id, manyOwners }) =>
      id === undefined && !manyOwners && rule.claims[claim]?.length === 1 && pinsExactly(rule, claim),
  );
}

function beyondRobot(at: number): RuleFinding {
  return finding(
    "permission-beyond-robot",
    ["permissions", at],
    "is not within the robot's permissions",
    "add it there first",
  );
}

function unknownVariable(at: number, name: string, profile: Profile): RuleFinding {
  const known = Object.keys(profile.variables).map((variable) => `{${variable}}`);
  return finding(
    "unknown-variable",
    ["permissions", at, "repository"],
    `has {${name}}, which is no variable of the profile ${profile.name}`,
    known.length === 0 ? "write the repository; this profile has none" : `write one of ${known.join(", ")}`,
  );
}

function templateWithoutTenant(at: number, profile: Profile): RuleFinding {
  return finding(
    "template-without-tenant",
    ["permissions", at, "repository"],
    "is filled with a name from the identity token, and the rule does not say whose tokens those are",
    `add ${tenantIds(profile).join(" or ")} with one id and no wildcard`,
  );
}
