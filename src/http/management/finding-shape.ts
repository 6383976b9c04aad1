import * as z from "zod";
import type { Finding } from "../../domain/rules/rule-finding.ts";

/** What the linter says of a rule. */
export const findingSchema = z
  .object({
    rule: z.int().meta({ description: "The rule's position, from 0." }),
    level: z.enum(["refuse", "warn"]),
    code: z.string().meta({ description: "Stable: for programs." }),
    at: z
      .array(z.union([z.string(), z.int()]))
      .meta({ description: "The way to the place within the rule; empty: the rule as a whole." }),
    sentence: z.string().meta({ description: "What is wrong, without a subject." }),
    mend: z.string().meta({ description: "What to do about it." }),
    page: z.string().meta({ description: "Where it is explained." }),
  })
  .meta({ id: "Finding" });

export const FINDING_EXAMPLE = {
  rule: 0,
  level: "warn",
  code: "recyclable-name",
  at: ["subject"],
  sentence: "names a repository that somebody else may have one day",
  mend: "add claims.repository_id",
  page: "docs/rule-findings.md#recyclable-name",
} as const;

export function findingOnTheWire({ ruleIndex, ...finding }: Finding) {
  return { rule: ruleIndex, ...finding };
}
