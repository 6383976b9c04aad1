import * as z from "zod";
import { ruleSchema } from "../../config/declaration-schema.ts";
import type { ManagementReason } from "../../domain/rejection.ts";
import { ok } from "../../domain/result.ts";
import { MAX_RULES_PER_ROBOT } from "../../domain/rules/federation-rule.ts";
import { lintRule } from "../../usecases/management/lint-rule.ts";
import { createRule, listRules, reorderRules } from "../../usecases/management/manage-rules.ts";
import { defineRoute } from "./define-route.ts";
import { FINDING_EXAMPLE, findingOnTheWire, findingSchema } from "./finding-shape.ts";
import { READ_SCOPES } from "./read-scopes.ts";
import { ROBOT_CHANGE_ERRORS, ROBOT_PATH, robotOf, robotPlace } from "./robot-place.ts";
import type { ManagementRoute, SuccessAnswer } from "./route-definition.ts";
import { declaredRuleOf } from "./rule-body.ts";
import {
  RULE_ANSWER_EXAMPLE,
  RULE_EXAMPLE,
  RULE_LIST_EXAMPLE,
  ruleAnswer,
  ruleAnswerSchema,
  ruleList,
  ruleListSchema,
} from "./rule-shape.ts";
import { withoutUndefined } from "./without-undefined.ts";

export const ruleIdField = z
  .string()
  .min(1)
  .max(128)
  .meta({ description: "A rule's id.", examples: ["q83vEjRWeJCrze8SNFZ4kA"] });

const place = { ...robotPlace, path: `${ROBOT_PATH}/rules`, tag: "rules", exchanged: true } as const;
const before = ruleIdField.optional().meta({
  description: "Id of the rule that it is to stand before; else it is the last. The first match decides.",
});
const success: SuccessAnswer = {
  status: 200,
  description: "The rules in the order in which an exchange tries them, and what the linter says of them.",
  schema: ruleListSchema,
  example: RULE_LIST_EXAMPLE,
  hasVersion: true,
};

/** For which a rule that is written may be refused. */
export const RULE_ERRORS: readonly ManagementReason[] = [
  ...ROBOT_CHANGE_ERRORS,
  "issuer_unknown",
  "rules_refused",
  "limit_reached",
];

const list = defineRoute({
  ...place,
  method: "get",
  operationId: "listRules",
  summary: "List the rules of a robot account",
  scopes: READ_SCOPES,
  success,
  errors: ["namespace_unknown", "robot_unknown"],
  handle: async (deps, { params }) => {
    const listed = await listRules(deps, robotOf(params));
    if (!listed.ok) return listed;
    const { rules, warnings, version } = listed.value;
    return ok({ body: ruleList(rules, warnings), version });
  },
});

const create = defineRoute({
  ...place,
  method: "post",
  operationId: "createRule",
  summary: "Add a rule to a robot account",
  description: "In the form that a declaration file has. Claim numbers are compared by their digits.",
  scopes: ["rules:write"],
  query: z.strictObject({ before }),
  body: { schema: ruleSchema, example: RULE_EXAMPLE },
  success: {
    status: 201,
    description: "The rule, with its id and what the linter says.",
    schema: ruleAnswerSchema,
    example: RULE_ANSWER_EXAMPLE,
    hasVersion: true,
  },
  errors: [...RULE_ERRORS, "rule_unknown"],
  namedInBody: ["issuer_unknown", "rule_unknown"],
  handle: async (deps, { params, query, body, written, context }) => {
    const rule = await declaredRuleOf(deps, body, written);
    if (!rule.ok) return rule;
    const made = await createRule(deps, robotOf(params), rule.value, withoutUndefined(query), context);
    if (!made.ok) return made;
    return ok({ body: ruleAnswer(made.value.rule, made.value.warnings), version: made.value.version });
  },
});

const reorder = defineRoute({
  ...place,
  method: "put",
  operationId: "reorderRules",
  summary: "Put the rules of a robot account in order",
  description: "The first rule that matches decides. Ends nothing that was earned.",
  scopes: ["rules:write"],
  body: {
    schema: z.strictObject({
      ids: z
        .array(ruleIdField)
        .max(MAX_RULES_PER_ROBOT)
        .meta({ description: "The id of each of its rules, once." }),
    }),
    example: { ids: ["q83vEjRWeJCrze8SNFZ4kA"] },
  },
  success,
  errors: [...ROBOT_CHANGE_ERRORS, "rules_refused"],
  handle: async (deps, { params, body, context }) => {
    const ordered = await reorderRules(deps, robotOf(params), body.ids, context);
    if (!ordered.ok) return ordered;
    const { rules, warnings, version } = ordered.value;
    return ok({ body: ruleList(rules, warnings), version });
  },
});

const lint = defineRoute({
  ...place,
  path: `${place.path}/lint`,
  method: "post",
  operationId: "lintRule",
  summary: "Say what the linter would say of a rule",
  description: "Writes nothing.",
  scopes: READ_SCOPES,
  query: z.strictObject({
    before,
    replaces: ruleIdField.optional().meta({ description: "Id of the rule that it would replace." }),
  }),
  body: { schema: ruleSchema, example: RULE_EXAMPLE },
  success: {
    status: 200,
    description: "Whether it would be saved, and what the linter says of the robot account's rules then.",
    schema: z.object({ accepted: z.boolean(), findings: z.array(findingSchema) }),
    example: { accepted: true, findings: [FINDING_EXAMPLE] },
  },
  errors: ["namespace_unknown", "robot_unknown", "rule_unknown", "issuer_unknown", "limit_reached"],
  namedInBody: ["issuer_unknown", "rule_unknown"],
  handle: async (deps, { params, query, body, written }) => {
    const rule = await declaredRuleOf(deps, body, written);
    if (!rule.ok) return rule;
    const judged = await lintRule(deps, robotOf(params), rule.value, withoutUndefined(query));
    if (!judged.ok) return judged;
    const { refused, warnings } = judged.value;
    const findings = [...refused, ...warnings].map(findingOnTheWire);
    return ok({ body: { accepted: refused.length === 0, findings } });
  },
});

export const RULES_ROUTES: readonly ManagementRoute[] = [list, create, reorder, lint];
