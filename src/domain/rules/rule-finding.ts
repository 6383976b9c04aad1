type FindingLevel = "refuse" | "warn";

/** What the linter can say of a rule; docs/rule-findings.md has a section for each. Stable: add, never rename. */
export const FINDING_LEVELS = {
  "pins-nothing": "refuse",
  "only-chosen-claims": "refuse",
  "no-tenant": "refuse",
  "escaping-pattern": "refuse",
  "duplicate-rule": "refuse",
  "unreachable-rule": "refuse",
  "permission-beyond-robot": "refuse",
  "unknown-variable": "refuse",
  "template-without-tenant": "refuse",
  "api-scopes-with-permissions": "refuse",
  "api-scopes-without-id": "refuse",
  "api-scopes-on-reusable": "refuse",
  "recyclable-name": "warn",
  "customisable-subject": "warn",
  "pattern-on-id": "warn",
  "reusable-token": "warn",
  "fixed-audience": "warn",
  "long-lifetime": "warn",
  "api-scopes-for-every-job": "warn",
} as const satisfies Record<string, FindingLevel>;

export type FindingCode = keyof typeof FINDING_LEVELS;

/** Something about a rule that its author should know. No text in it holds a value of the rule. */
export interface Finding {
  /** `refuse`: the rule must not be saved. `warn`: it may, and whoever saves it is told. */
  readonly level: FindingLevel;
  readonly code: FindingCode;
  /** The rule's position in the list, from 0. */
  readonly ruleIndex: number;
  /** The way to the place within the rule, by the field names of files and the API; empty: the rule as a whole. */
  readonly at: readonly (string | number)[];
  /** What is wrong, without a subject: it stands after the path. */
  readonly sentence: string;
  /** What to do about it. */
  readonly mend: string;
  /** The page that explains it, with the attack, by its path in this repository. */
  readonly page: string;
}

/** A finding of one rule, whose position in the list is not known yet. */
export type RuleFinding = Omit<Finding, "ruleIndex">;

export function finding(
  code: FindingCode,
  at: RuleFinding["at"],
  sentence: string,
  mend: string,
): RuleFinding {
  return { level: FINDING_LEVELS[code], code, at, sentence, mend, page: `docs/rule-findings.md#${code}` };
}
