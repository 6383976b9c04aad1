import type { FederationRule } from "./federation-rule.ts";
import type { Finding } from "./rule-finding.ts";
import { lintRules } from "./rule-lint.ts";
import type { LintContext } from "./rule-pins.ts";

/** What the linter says of a robot's rules after a change of them. */
export interface JudgedRules {
  /** What stands against the change; none: it may be saved. */
  readonly refused: readonly Finding[];
  readonly warnings: readonly Finding[];
}

/**
 * Judges a change of the rules `before` into `after`. Against it stands whatever is wrong with a rule that it
 * writes, and what it makes wrong of another, such as one that is never reached now. What was wrong of another
 * already, since its issuer has come to be shared for example, must not keep its robot's owner from mending the rest.
 *
 * @param written Ids of the rules whose content the change says.
 */
export function judgeRules(
  before: readonly FederationRule[],
  after: readonly FederationRule[],
  written: ReadonlySet<string>,
  context: LintContext,
): JudgedRules {
  const found = findingsByRule(after, context);
  const grave = found.filter(({ finding }) => finding.level === "refuse");
  // The linter compares each rule with each: of a thousand not once more than is needed.
  const isOfOthers = grave.some(({ id }) => !written.has(id));
  const standing = new Set(isOfOthers ? findingsByRule(before, context).map(nameOf) : []);
  const refused = grave.filter((entry) => written.has(entry.id) || !standing.has(nameOf(entry)));
  const warnings = found.filter(({ finding }) => finding.level === "warn");
  return { refused: refused.map(({ finding }) => finding), warnings: warnings.map(({ finding }) => finding) };
}

interface FindingOfRule {
  readonly id: string;
  readonly finding: Finding;
}

function findingsByRule(rules: readonly FederationRule[], context: LintContext): readonly FindingOfRule[] {
  const found = Map.groupBy(lintRules(rules, context), ({ ruleIndex }) => ruleIndex);
  return rules.flatMap(({ id }, at) => (found.get(at) ?? []).map((finding) => ({ id, finding })));
}

/** The same wherever the rule stands: positions are in the sentences alone. */
function nameOf({ id, finding: { code, at } }: FindingOfRule): string {
  return [id, code, ...at].join(" ");
}
