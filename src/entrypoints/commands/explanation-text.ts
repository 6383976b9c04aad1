import * as z from "zod";
import type { Outcome } from "../../domain/rules/rule-report.ts";
import { plain, quoted } from "./plain-text.ts";

const outcome = z.enum(["met", "failed", "unknown"]);
const compared = { outcome, wanted: z.array(z.string()), said: z.array(z.string()) };
const condition = z.object({ condition: z.string(), ...compared });
const rule = z.object({
  rule_id: z.string(),
  description: z.string(),
  outcome,
  conditions: z.array(condition),
});
const recorded = z.object({
  request_id: z.string(),
  time: z.string(),
  robot: z.string(),
  reason: z.string(),
  detail: z.string(),
});

/** What of the API's explanation is shown. */
export const explanation = z.object({
  robot: z.string(),
  robot_enabled: z.boolean(),
  outcome,
  deciding_rule: z.string().optional(),
  issuer_checks: z.array(z.object({ check: z.string(), ...compared })),
  rules: z.array(rule),
  pins: z.array(condition),
  recorded: recorded.optional(),
});
type Explanation = z.output<typeof explanation>;

const WORDS: Readonly<Record<Outcome, string>> = { met: "ok", failed: "FAILS", unknown: "unknown" };

interface Line {
  readonly name: string;
  readonly outcome: Outcome;
  readonly wanted: readonly string[];
  readonly said: readonly string[];
}

/** An explanation for people, line by line. */
export function explanationText(explained: Explanation): readonly string[] {
  const { robot, issuer_checks: issuerChecks, rules, pins, recorded: past } = explained;
  return [
    ...(past === undefined ? [] : recordedText(past)),
    ...(explained.robot_enabled ? [] : [`${robot} is disabled, or its namespace is: no rule of it counts`]),
    "before any rule",
    ...issuerChecks.map(({ check, ...report }) => line({ name: check, ...report })),
    ...rules.flatMap(ruleText),
    ...(rules.length === 0 ? [`${robot} has no rules`] : []),
    ...(pins.length === 0 ? [] : [`what rule ${explained.deciding_rule} has pinned`]),
    ...pins.map(conditionText),
    "",
    verdict(explained),
  ].map(plain);
}

function recordedText({
  request_id,
  time,
  robot,
  reason,
  detail,
}: z.output<typeof recorded>): readonly string[] {
  return [
    `request ${request_id} for ${robot}, ${time}: ${reason}`,
    `  recorded then: ${quoted(detail)}`,
    "  below are the rules of today, and what was written down of the token",
  ];
}

function ruleText(report: z.output<typeof rule>, at: number): readonly string[] {
  const description = report.description === "" ? "" : `, ${quoted(report.description)}`;
  return [
    `rule ${at + 1} (${report.rule_id}${description}): ${RULE_WORDS[report.outcome]}`,
    ...report.conditions.map(conditionText),
  ];
}

function conditionText({ condition: name, ...report }: z.output<typeof condition>): string {
  return line({ name, ...report });
}

const RULE_WORDS: Readonly<Record<Outcome, string>> = {
  met: "matches",
  failed: "does not match",
  unknown: "cannot be told",
};

function line({ name, outcome: found, wanted, said }: Line): string {
  const values = wanted.length === 0 && said.length === 0 ? "" : `: ${comparison(found, wanted, said)}`;
  return `  ${WORDS[found].padEnd(8)}${quotedName(name)}${values}`;
}

/** A claim's name is the rule's; a denial's sentence is Berth's own. */
function quotedName(name: string): string {
  return quoted(name).slice(1, -1);
}

function comparison(found: Outcome, wanted: readonly string[], said: readonly string[]): string {
  const absent = found === "unknown" ? "nothing of it was written down" : "the token does not say";
  const token = said.length === 0 ? absent : `the token says ${said.map(quoted).join(" or ")}`;
  return wanted.length === 0 ? token : `wants ${wanted.map(quoted).join(" or ")}; ${token}`;
}

function verdict({ robot, outcome: found, deciding_rule: decidingRule }: Explanation): string {
  if (found === "unknown") return `${robot}: not enough was written down to tell`;
  if (found === "met") return `${robot}: rule ${decidingRule} decides`;
  return decidingRule === undefined
    ? `${robot}: no rule matches`
    : `${robot}: rule ${decidingRule} would decide, but the token is refused (see FAILS above)`;
}
