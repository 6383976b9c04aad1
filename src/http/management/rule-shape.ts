import * as z from "zod";
import { GRANTABLE_API_SCOPES } from "../../domain/access/api-scope.ts";
import type { DeclaredRule } from "../../domain/accounts/declaration.ts";
import type { FederationRule } from "../../domain/rules/federation-rule.ts";
import type { Finding } from "../../domain/rules/rule-finding.ts";
import { FINDING_EXAMPLE, findingOnTheWire, findingSchema } from "./finding-shape.ts";
import { PERMISSION_EXAMPLE, shownPermissionSchema } from "./permission-shape.ts";

/** A rule as it stands: every field that has a value, in the form in which it may be sent back. */
const shownRuleSchema = z
  .object({
    issuer: z.string(),
    subject: z.string(),
    audience: z.string().optional(),
    claims: z
      .record(z.string(), z.array(z.string()))
      .meta({ description: "Claim → the values of which the token must have one; a number by its digits." }),
    permissions: z.array(shownPermissionSchema).optional(),
    api_scopes: z.array(z.enum(GRANTABLE_API_SCOPES)).optional(),
    ttl_seconds: z.int(),
    pin: z.enum(["first-use"]).optional(),
    enabled: z.boolean(),
    description: z.string(),
  })
  .meta({ id: "Rule" });

/** A rule that nobody has saved: a proposal. */
export const proposedRuleSchema = shownRuleSchema;

const savedRuleSchema = z
  .object({
    id: z.string().meta({ description: "The auditor's name for it." }),
    rule: shownRuleSchema,
  })
  .meta({ id: "SavedRule" });

const warnings = z
  .array(findingSchema)
  .meta({ description: "What the linter says of the robot account's rules." });

export const ruleAnswerSchema = savedRuleSchema.extend({ warnings }).meta({ id: "RuleAnswer" });
export const ruleListSchema = z
  .object({ rules: z.array(savedRuleSchema), warnings })
  .meta({ id: "RuleList" });

/** As it may be written. */
export const RULE_EXAMPLE = {
  issuer: "https://token.actions.githubusercontent.com",
  subject: "repo:acme/app:ref:refs/heads/main",
  claims: { repository_id: "4711", repository_owner_id: "42" },
  permissions: [PERMISSION_EXAMPLE],
  ttl_seconds: 900,
  description: "release builds",
};

/** As it then stands. */
export const SHOWN_RULE_EXAMPLE = {
  ...RULE_EXAMPLE,
  claims: { repository_id: ["4711"], repository_owner_id: ["42"] },
  enabled: true,
};
const SAVED_RULE_EXAMPLE = { id: "q83vEjRWeJCrze8SNFZ4kA", rule: SHOWN_RULE_EXAMPLE };
export const RULE_ANSWER_EXAMPLE = { ...SAVED_RULE_EXAMPLE, warnings: [] };
export const RULE_LIST_EXAMPLE = { rules: [SAVED_RULE_EXAMPLE], warnings: [FINDING_EXAMPLE] };

export function ruleAnswer(rule: FederationRule, found: readonly Finding[]) {
  return { ...savedRule(rule), warnings: found.map(findingOnTheWire) };
}

export function ruleList(rules: readonly FederationRule[], found: readonly Finding[]) {
  return { rules: rules.map(savedRule), warnings: found.map(findingOnTheWire) };
}

function savedRule(rule: FederationRule) {
  return { id: rule.id, rule: ruleOnTheWire(rule) };
}

/** The form that a file has too; ids and nonces stay out. */
export function ruleOnTheWire(rule: DeclaredRule) {
  return {
    issuer: rule.issuer,
    subject: rule.subject,
    audience: rule.audience,
    claims: rule.claims,
    permissions: rule.permissions,
    api_scopes: rule.apiScopes,
    ttl_seconds: rule.ttlSeconds,
    pin: rule.pin,
    enabled: rule.enabled,
    description: rule.description,
  };
}
