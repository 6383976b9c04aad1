import type { Outcome, RuleReport } from "../../domain/rules/rule-report.ts";
import type { MatchExplanation } from "../../usecases/management/explain-match.ts";
import type { PastRefusal } from "../../usecases/management/past-refusal.ts";
import { quoted } from "./plain-text.ts";

const WORDS: Readonly<Record<Outcome, string>> = { met: "ok", failed: "FAILS", unknown: "unknown" };

interface Line {
  readonly name: string;
  readonly outcome: Outcome;
  readonly wanted: readonly string[];
  readonly said: readonly string[];
}

/** An explanation for people, line by line. */
export function explanationText(explanation: MatchExplanation): readonly string[] {
  const { robot, robotEnabled, issuerChecks, rules, pins, decidingRule, recorded } = explanation;
  return [
    ...(recorded === undefined ? [] : recordedText(recorded)),
    ...(robotEnabled ? [] : [`${robot} is disabled, or its namespace is: no rule of it counts`]),
    "before any rule",
    ...issuerChecks.map(({ check, ...report }) => line({ name: check, ...report })),
    ...rules.flatMap((rule, at) => ruleText(rule, at)),
    ...(rules.length === 0 ? [`${robot} has no rules`] : []),
    ...(pins.length === 0 ? [] : [`what rule ${decidingRule} has pinned`]),
    ...pins.map(({ condition, ...report }) => line({ name: condition, ...report })),
    "",
    verdict(explanation),
  ];
}

function recordedText({ requestId, at, robot, reason, detail }: PastRefusal): readonly string[] {
  return [
    `request ${requestId} for ${robot}, ${new Date(at).toISOString()}: ${reason}`,
    `  recorded then: ${quoted(detail)}`,
    "  below are the rules of today, and what was written down of the token",
  ];
}

function ruleText(rule: RuleReport, at: number): readonly string[] {
  const description = rule.description === "" ? "" : `, ${quoted(rule.description)}`;
  return [
    `rule ${at + 1} (${rule.ruleId}${description}): ${RULE_WORDS[rule.outcome]}`,
    ...rule.conditions.map(({ condition, ...report }) => line({ name: condition, ...report })),
  ];
}

const RULE_WORDS: Readonly<Record<Outcome, string>> = {
  met: "matches",
  failed: "does not match",
  unknown: "cannot be told",
};

function line({ name, outcome, wanted, said }: Line): string {
  const values = wanted.length === 0 && said.length === 0 ? "" : `: ${compared(outcome, wanted, said)}`;
  return `  ${WORDS[outcome].padEnd(8)}${quotedName(name)}${values}`;
}

/** A claim's name is the rule's; a denial's sentence is Berth's own. */
function quotedName(name: string): string {
  return quoted(name).slice(1, -1);
}

function compared(outcome: Outcome, wanted: readonly string[], said: readonly string[]): string {
  const absent = outcome === "unknown" ? "nothing of it was written down" : "the token does not say";
  const token = said.length === 0 ? absent : `the token says ${said.map(quoted).join(" or ")}`;
  return wanted.length === 0 ? token : `wants ${wanted.map(quoted).join(" or ")}; ${token}`;
}

function verdict({ robot, outcome, decidingRule }: MatchExplanation): string {
  if (outcome === "unknown") return `${robot}: not enough was written down to tell`;
  if (outcome === "met") return `${robot}: rule ${decidingRule} decides`;
  return decidingRule === undefined
    ? `${robot}: no rule matches`
    : `${robot}: rule ${decidingRule} would decide, but the token is refused (see FAILS above)`;
}
