import type { Permission } from "../access/permission.ts";
import type { DeclaredRule } from "../accounts/declaration.ts";
import { permissionFindings } from "./permission-findings.ts";
import type { Finding } from "./rule-finding.ts";
import type { LintContext } from "./rule-pins.ts";

/**
 * What of the rules' own permissions is no longer within the robot's when those become `after`. What was not within
 * `before` either stands against no change.
 */
export function permissionsLeftBeyond(
  rules: readonly DeclaredRule[],
  issuers: LintContext["issuers"],
  before: readonly Permission[],
  after: readonly Permission[],
): readonly Finding[] {
  const standing = new Set(beyond(rules, issuers, before).map(placeOf));
  return beyond(rules, issuers, after).filter((found) => !standing.has(placeOf(found)));
}

function beyond(
  rules: readonly DeclaredRule[],
  issuers: LintContext["issuers"],
  robotPermissions: readonly Permission[],
): readonly Finding[] {
  return rules.flatMap((rule, ruleIndex) => {
    const issuer = issuers.get(rule.issuer);
    if (issuer === undefined) return [];
    return permissionFindings(rule, issuer, { robotPermissions })
      .filter(({ code }) => code === "permission-beyond-robot")
      .map((found) => ({ ...found, ruleIndex }));
  });
}

function placeOf({ ruleIndex, at }: Finding): string {
  return [ruleIndex, ...at].join(".");
}
