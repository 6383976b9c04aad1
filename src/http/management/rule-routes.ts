import * as z from "zod";
import { ruleSchema } from "../../config/declaration-schema.ts";
import { rejection } from "../../domain/rejection.ts";
import { err, ok } from "../../domain/result.ts";
import {
  deleteRule,
  listRules,
  type SavedRule,
  setRuleEnabled,
  updateRule,
} from "../../usecases/management/manage-rules.ts";
import { defineRoute } from "./define-route.ts";
import { READ_SCOPES } from "./read-scopes.ts";
import { ROBOT_CHANGE_ERRORS, ROBOT_PATH, robotOf, robotPlace } from "./robot-place.ts";
import type { ManagementRoute, SuccessAnswer } from "./route-definition.ts";
import { declaredRuleOf } from "./rule-body.ts";
import { RULE_ANSWER_EXAMPLE, RULE_EXAMPLE, ruleAnswer, ruleAnswerSchema } from "./rule-shape.ts";
import { RULE_ERRORS, ruleIdField } from "./rules-routes.ts";

const place = {
  path: `${ROBOT_PATH}/rules/{rule_id}`,
  tag: "rules",
  exchanged: true,
  namespace: robotPlace.namespace,
  params: robotPlace.params.extend({ rule_id: ruleIdField }),
} as const;

const success: SuccessAnswer = {
  status: 200,
  description: "The rule, and what the linter says. Its ETag is the robot account's.",
  schema: ruleAnswerSchema,
  example: RULE_ANSWER_EXAMPLE,
  hasVersion: true,
};

function answer({ rule, warnings, version }: SavedRule) {
  return { body: ruleAnswer(rule, warnings), version };
}

const get = defineRoute({
  ...place,
  method: "get",
  operationId: "getRule",
  summary: "Get a rule",
  scopes: READ_SCOPES,
  success,
  errors: ["namespace_unknown", "robot_unknown", "rule_unknown"],
  handle: async (deps, { params }) => {
    const listed = await listRules(deps, robotOf(params));
    if (!listed.ok) return listed;
    const { rules, version, warnings } = listed.value;
    const at = rules.findIndex(({ id }) => id === params.rule_id);
    const rule = rules[at];
    if (rule === undefined) return err(rejection("rule_unknown", params.rule_id));
    return ok(answer({ rule, version, warnings: warnings.filter(({ ruleIndex }) => ruleIndex === at) }));
  },
});

const replace = defineRoute({
  ...place,
  method: "put",
  operationId: "updateRule",
  summary: "Write a rule anew",
  description: "What was earned by it is dead if it asks or grants something else than before.",
  scopes: ["rules:write"],
  body: { schema: ruleSchema, example: RULE_EXAMPLE },
  success,
  errors: [...RULE_ERRORS, "rule_unknown"],
  namedInBody: ["issuer_unknown"],
  handle: async (deps, { params, body, written, context }) => {
    const rule = await declaredRuleOf(deps, body, written);
    if (!rule.ok) return rule;
    const saved = await updateRule(deps, robotOf(params), params.rule_id, rule.value, context);
    return saved.ok ? ok(answer(saved.value)) : saved;
  },
});

const enable = defineRoute({
  ...place,
  method: "patch",
  operationId: "setRuleEnabled",
  summary: "Enable or disable a rule",
  description:
    "Disabling ends what was earned by it, and may be done to one that a file manages, too; enabling may not.",
  scopes: ["rules:write"],
  body: { schema: z.strictObject({ enabled: z.boolean() }), example: { enabled: false } },
  success,
  errors: [...ROBOT_CHANGE_ERRORS, "rules_refused", "rule_unknown"],
  handle: async (deps, { params, body, context }) => {
    const saved = await setRuleEnabled(deps, robotOf(params), params.rule_id, body.enabled, context);
    return saved.ok ? ok(answer(saved.value)) : saved;
  },
});

const remove = defineRoute({
  ...place,
  method: "delete",
  operationId: "deleteRule",
  summary: "Delete a rule",
  scopes: ["rules:write"],
  success: { status: 204, description: "It is gone, and what was earned by it is dead." },
  errors: [...ROBOT_CHANGE_ERRORS, "rule_unknown"],
  handle: async (deps, { params, context }) => {
    const removed = await deleteRule(deps, robotOf(params), params.rule_id, context);
    return removed.ok ? ok({}) : removed;
  },
});

export const RULE_ROUTES: readonly ManagementRoute[] = [get, replace, enable, remove];
