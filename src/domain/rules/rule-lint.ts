import type { DeclaredRule } from "../accounts/declaration.ts";
import { adviceFindings, issuerFindings } from "./advice-findings.ts";
import { apiScopeFindings } from "./api-scope-findings.ts";
import { orderFindings, ruleContent } from "./order-findings.ts";
import { coverEffort } from "./pattern-cover.ts";
import { patternFindings } from "./pattern-findings.ts";
import { permissionFindings } from "./permission-findings.ts";
import type { Finding } from "./rule-finding.ts";
import type { LintContext } from "./rule-pins.ts";
import { tenantFindings } from "./tenant-findings.ts";

/**
 * What is wrong with the rules of one robot, and what could be better: the one judge for the declaration file, the
 * API and the command line. DESIGN §7. Disabled rules are judged too, since enabling one is no time to learn it.
 *
 * It does not look at a rule whose issuer the context lacks; who calls it refuses such a rule.
 */
export function lintRules(rules: readonly DeclaredRule[], context: LintContext): readonly Finding[] {
  const contents = rules.map(ruleContent);
  const effort = coverEffort();
  return contents.flatMap((content, ruleIndex) => {
    const { rule } = content;
    const issuer = context.issuers.get(rule.issuer);
    if (issuer === undefined) return [];
    const isFirst = rules.findIndex((other) => other.issuer === rule.issuer) === ruleIndex;
    const findings = [
      ...tenantFindings(rule, issuer),
      ...patternFindings(rule, issuer),
      ...orderFindings(content, contents.slice(0, ruleIndex), issuer, effort),
      ...permissionFindings(rule, issuer, context),
      ...apiScopeFindings(rule, rules, issuer, context),
      ...adviceFindings(rule, issuer, context),
      ...(isFirst ? issuerFindings(issuer) : []),
    ];
    return findings.map((found) => ({ ...found, ruleIndex }));
  });
}
