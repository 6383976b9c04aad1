import type { DeclaredRule } from "../accounts/declaration.ts";
import { canonicalJson } from "../canonical-json.ts";
import type { CoverEffort } from "./pattern-cover.ts";
import { ruleCovers } from "./rule-cover.ts";
import { finding, type RuleFinding } from "./rule-finding.ts";
import type { LintedIssuer } from "./rule-pins.ts";

/** A rule, and what it says as one text. */
export interface RuleContent {
  readonly rule: DeclaredRule;
  readonly content: string;
}

export function ruleContent(rule: DeclaredRule): RuleContent {
  // A rule that comes from a store has an id and a nonce, which say nothing.
  return {
    rule,
    content: canonicalJson({ ...rule, id: undefined, nonce: undefined, description: undefined }),
  };
}

/** What the rules before it leave of a rule: the first that matches decides. At most one finding. */
export function orderFindings(
  { rule, content }: RuleContent,
  before: readonly RuleContent[],
  issuer: LintedIssuer,
  effort: CoverEffort,
): RuleFinding[] {
  const same = before.findIndex((earlier) => earlier.content === content);
  if (same >= 0) return [duplicate(same)];
  if (!rule.enabled) return [];
  const wider = before.findIndex(
    ({ rule: earlier }) =>
      earlier.enabled && earlier.issuer === rule.issuer && ruleCovers(earlier, rule, issuer, effort),
  );
  return wider < 0 ? [] : [unreachable(wider)];
}

function duplicate(at: number): RuleFinding {
  return finding(
    "duplicate-rule",
    [],
    `is the rule at position ${at + 1} once more`,
    "remove it, or change what it was to say",
  );
}

function unreachable(at: number): RuleFinding {
  return finding(
    "unreachable-rule",
    [],
    `never decides: the rule at position ${at + 1} is before it and matches all that it does`,
    "put it before that one, or remove it",
  );
}
