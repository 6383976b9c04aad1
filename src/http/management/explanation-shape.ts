import * as z from "zod";
import type { IssuerCheckReport } from "../../domain/rules/issuer-report.ts";
import type { RuleReport } from "../../domain/rules/rule-report.ts";
import type { MatchExplanation } from "../../usecases/management/explain-match.ts";
import type { PastRefusal } from "../../usecases/management/past-refusal.ts";

const outcome = z
  .enum(["met", "failed", "unknown"])
  .meta({ description: "`unknown`: what it depends on was not written down." });
const compared = { outcome, wanted: z.array(z.string()), said: z.array(z.string()) };
const condition = z.object({ condition: z.string(), ...compared });
const CHECKS = ["issuer", "audience", "lifetime", "form"] as const satisfies IssuerCheckReport["check"][];

export const explanationSchema = z
  .object({
    robot: z.string(),
    robot_enabled: z.boolean(),
    outcome: outcome.meta({
      description: "Whether an exchange would go on; signature and time of day are not looked at.",
    }),
    deciding_rule: z.string().optional().meta({ description: "The id of the first rule that is met." }),
    issuer_checks: z.array(z.object({ check: z.enum(CHECKS), ...compared })),
    rules: z.array(
      z.object({
        rule_id: z.string(),
        description: z.string(),
        outcome,
        first_failure: z.string().optional(),
        conditions: z.array(condition),
      }),
    ),
    pins: z.array(condition).meta({ description: "What the deciding rule has pinned." }),
    recorded: z
      .object({
        request_id: z.string(),
        time: z.iso.datetime(),
        robot: z.string(),
        reason: z.string(),
        detail: z.string(),
        claims: z.record(z.string(), z.string()),
      })
      .optional()
      .meta({ description: "Of a request: what was recorded of it then. The rules are those of today." }),
  })
  .meta({ id: "Explanation" });

export const EXPLANATION_EXAMPLE = {
  robot: "acme+builder",
  robot_enabled: true,
  outcome: "failed",
  issuer_checks: [
    {
      check: "issuer",
      outcome: "met",
      wanted: ["https://token.actions.githubusercontent.com"],
      said: ["https://token.actions.githubusercontent.com"],
    },
  ],
  rules: [
    {
      rule_id: "q83vEjRWeJCrze8SNFZ4kA",
      description: "release builds",
      outcome: "failed",
      first_failure: "claim repository_owner_id",
      conditions: [
        { condition: "claim repository_owner_id", outcome: "failed", wanted: ["42"], said: ["43"] },
      ],
    },
  ],
  pins: [],
};

export function explanationOnTheWire(explained: MatchExplanation) {
  const { robot, robotEnabled, decidingRule, issuerChecks, recorded } = explained;
  return {
    robot,
    robot_enabled: robotEnabled,
    outcome: explained.outcome,
    deciding_rule: decidingRule,
    issuer_checks: issuerChecks,
    rules: explained.rules.map(ruleReport),
    pins: explained.pins,
    recorded: recorded && recordedRefusal(recorded),
  };
}

function ruleReport({ ruleId, firstFailure, ...report }: RuleReport) {
  return { rule_id: ruleId, ...report, first_failure: firstFailure };
}

function recordedRefusal({ requestId, at, ...refusal }: PastRefusal) {
  return { request_id: requestId, time: new Date(at).toISOString(), ...refusal };
}
