import * as z from "zod";
import { ok } from "../../domain/result.ts";
import { type ReviewedNearMiss, reviewNearMisses } from "../../usecases/management/review-near-misses.ts";
import { defineRoute } from "./define-route.ts";
import { FINDING_EXAMPLE, findingOnTheWire, findingSchema } from "./finding-shape.ts";
import { listPage } from "./list-page.ts";
import { NAMESPACE_IN_PATH } from "./namespace-source.ts";
import { limitField, nextPage, nextPageField } from "./paging.ts";
import { namespaceField } from "./path-fields.ts";
import { READ_SCOPES } from "./read-scopes.ts";
import type { ManagementRoute } from "./route-definition.ts";
import { proposedRuleSchema, ruleOnTheWire, SHOWN_RULE_EXAMPLE } from "./rule-shape.ts";
import { wireTimeSchema } from "./wire-time.ts";

const nearMissSchema = z
  .object({
    id: z.string(),
    robot: z.string(),
    tenant: z.string().meta({ description: "What the rules of the namespace name, and the token said." }),
    profile: z.string(),
    claims: z.record(z.string(), z.string()),
    denied: z
      .string()
      .optional()
      .meta({ description: "What kind of job it is, where such are refused unless a rule asks for them." }),
    seen_at: wireTimeSchema.meta({ description: "The last time." }),
    times: z.int(),
    request_ids: z.array(z.string()),
    proposal: z
      .object({ rule: proposedRuleSchema, findings: z.array(findingSchema) })
      .optional()
      .meta({ description: "The rule that it would take. No recommendation: look who that job is first." }),
    no_proposal: z.enum(["subject_not_kept", "wildcard_in_value"]).optional(),
  })
  .meta({ id: "NearMiss" });

const EXAMPLE = {
  id: "ab".repeat(32),
  robot: "acme+builder",
  tenant: "repository_owner_id=42",
  profile: "github",
  claims: { iss: "https://token.actions.githubusercontent.com", sub: "repo:acme/app:pull_request" },
  seen_at: "2026-03-01T12:00:00.000Z",
  times: 3,
  request_ids: ["3q2-7wQ0m1ZkX9aB"],
  proposal: { rule: SHOWN_RULE_EXAMPLE, findings: [FINDING_EXAMPLE] },
};

const list = defineRoute({
  method: "get",
  path: "/namespaces/{namespace}/near-misses",
  tag: "near-misses",
  operationId: "listNearMisses",
  summary: "List the identity tokens that matched no rule of a namespace",
  scopes: READ_SCOPES,
  exchanged: true,
  namespace: NAMESPACE_IN_PATH,
  params: z.object({ namespace: namespaceField }),
  query: z.strictObject({ limit: limitField(), next_page: nextPageField }),
  success: {
    status: 200,
    description:
      "By robot, tenant and subject: those of tenants that its rules name, of the last 30 days. Nothing rests on them.",
    schema: z.object({
      near_misses: z.array(nearMissSchema),
      strangers: z.int().meta({ description: "Tokens of tenants that no rule of the namespace names." }),
      next_page: z.string().optional(),
    }),
    example: { near_misses: [EXAMPLE], strangers: 0 },
  },
  errors: ["namespace_unknown"],
  handle: async (deps, { namespace, query }) => {
    const reviewed = await reviewNearMisses(deps, namespace);
    if (!reviewed.ok) return reviewed;
    const numbered = reviewed.value.misses.map((miss, at) => ({ miss, key: String(at).padStart(9, "0") }));
    const page = { limit: query.limit, after: query.next_page };
    const { items, next } = listPage(numbered, ({ key }) => key, page);
    const misses = items.map(({ miss }) => shown(miss));
    return ok({ body: { near_misses: misses, strangers: reviewed.value.others, ...nextPage(next) } });
  },
});

function shown({ miss, at, times, requestIds, proposal }: ReviewedNearMiss) {
  const { id, robot, tenant, profile, claims, denied } = miss;
  return {
    ...{ id, robot, tenant, profile, claims, denied },
    seen_at: new Date(at).toISOString(),
    times,
    request_ids: requestIds,
    ...(proposal.ok
      ? {
          proposal: {
            rule: ruleOnTheWire(proposal.value.rule),
            findings: proposal.value.findings.map(findingOnTheWire),
          },
        }
      : { no_proposal: proposal.error }),
  };
}

export const NEAR_MISS_ROUTES: readonly ManagementRoute[] = [list];
