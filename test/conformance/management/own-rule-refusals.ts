import { MAX_RULES_CHARACTERS } from "../../../src/domain/rules/federation-rule.ts";
import { aRule } from "../../support/baseline.ts";
import type { ManagedBerth } from "../../support/managed-berth.ts";
import { ruleOf } from "./own-samples.ts";
import { BUILDER, type RefusalRow, withBuilder } from "./refusal-row.ts";

const UNKNOWN_RULE = "no-such-rule";

async function withManyRules(world: ManagedBerth): Promise<void> {
  const issuer = world.berth.issuer.url;
  const rules = Array.from({ length: 1000 }, (_, at) =>
    aRule({ id: `rule-${at}`, issuer, subject: `repo:acme/app-${at}` }),
  );
  await withBuilder(world, { rules });
}

const PINS_NOTHING = { subject: "**" };
const UNKNOWN_ISSUER = { issuer: "https://nobody.example.com" };

/** Of rules, and of what explains them. */
export const RULE_REFUSALS: readonly RefusalRow[] = [
  ...(["createRule", "lintRule"] as const).flatMap((operationId): RefusalRow[] => {
    const path = `${BUILDER}/rules${operationId === "lintRule" ? "/lint" : ""}`;
    return [
      [
        operationId,
        "rule_unknown",
        async (world) => ({ path: `${path}?before=${UNKNOWN_RULE}`, body: ruleOf(world) }),
      ],
      [operationId, "issuer_unknown", async (world) => ({ path, body: ruleOf(world, UNKNOWN_ISSUER) })],
      [
        operationId,
        "limit_reached",
        async (world) => {
          await withManyRules(world);
          return { path, body: ruleOf(world) };
        },
      ],
    ];
  }),
  [
    "createRule",
    "rules_refused",
    async (world) => ({ path: `${BUILDER}/rules`, body: ruleOf(world, PINS_NOTHING) }),
  ],
  [
    "reorderRules",
    "rules_refused",
    async (world) => {
      const issuer = world.berth.issuer.url;
      const narrow = aRule({ issuer });
      const broad = aRule({ issuer, id: "broad", subject: "repo:acme/app:ref:refs/heads/*" });
      await withBuilder(world, { rules: [narrow, broad] });
      return { path: `${BUILDER}/rules`, body: { ids: ["broad", "rule-1"] } };
    },
  ],
  ...(["getRule", "updateRule", "setRuleEnabled", "deleteRule"] as const).map(
    (operationId): RefusalRow => [
      operationId,
      "rule_unknown",
      async (world) => ({
        path: `${BUILDER}/rules/${UNKNOWN_RULE}`,
        ...(operationId === "updateRule" ? { body: ruleOf(world) } : {}),
        ...(operationId === "setRuleEnabled" ? { body: { enabled: false } } : {}),
      }),
    ],
  ),
  [
    "updateRule",
    "issuer_unknown",
    async (world) => ({ path: `${BUILDER}/rules/rule-1`, body: ruleOf(world, UNKNOWN_ISSUER) }),
  ],
  [
    "updateRule",
    "rules_refused",
    async (world) => ({ path: `${BUILDER}/rules/rule-1`, body: ruleOf(world, PINS_NOTHING) }),
  ],
  [
    "updateRule",
    "limit_reached",
    async (world) => {
      const issuer = world.berth.issuer.url;
      const long = aRule({ id: "long", issuer, description: "d".repeat(MAX_RULES_CHARACTERS - 1000) });
      await withBuilder(world, { rules: [aRule({ issuer }), long] });
      return {
        path: `${BUILDER}/rules/rule-1`,
        body: { ...ruleOf(world), description: "d".repeat(1000) },
      };
    },
  ],
  [
    "setRuleEnabled",
    "rules_refused",
    async (world) => {
      const rule = aRule({ issuer: world.berth.issuer.url, subject: "**", enabled: false });
      await withBuilder(world, { rules: [rule] });
      return { path: `${BUILDER}/rules/rule-1`, body: { enabled: true } };
    },
  ],
  [
    "explainMatch",
    "request_unknown",
    async () => ({ path: `${BUILDER}/explain`, body: { request_id: "nobody" } }),
  ],
  [
    "explainMatch",
    "robot_unknown",
    async () => ({ path: "/namespaces/acme/robots/nobody/explain", body: { claims: {} } }),
  ],
];
