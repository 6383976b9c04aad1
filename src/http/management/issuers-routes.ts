import * as z from "zod";
import { issuerSchema } from "../../config/issuer-schema.ts";
import { type ManagementReason, rejection } from "../../domain/rejection.ts";
import { err, ok } from "../../domain/result.ts";
import {
  deleteIssuer,
  findIssuer,
  listIssuers,
  putIssuer,
  setIssuerEnabled,
} from "../../usecases/management/manage-issuers.ts";
import { defineRoute } from "./define-route.ts";
import { forceQuery } from "./force-query.ts";
import {
  ISSUER_BODY_EXAMPLE,
  ISSUER_EXAMPLE,
  issuerAnswerSchema,
  issuerBodySchema,
  issuerOfBody,
  issuerOnTheWire,
} from "./issuer-shape.ts";
import { listPage } from "./list-page.ts";
import { NO_NAMESPACE } from "./namespace-source.ts";
import { limitField, nextPage, nextPageField } from "./paging.ts";
import type { ManagementRoute, SuccessAnswer } from "./route-definition.ts";

const CHANGE_ERRORS: readonly ManagementReason[] = ["managed_elsewhere", "precondition_failed", "conflict"];

const list = defineRoute({
  method: "get",
  path: "/issuers",
  tag: "issuers",
  operationId: "listIssuers",
  summary: "List the trusted issuers",
  scopes: "any",
  exchanged: true,
  namespace: NO_NAMESPACE,
  params: z.object({}),
  query: z.strictObject({ limit: limitField(), next_page: nextPageField }),
  success: {
    status: 200,
    description: "Issuers by their URLs.",
    schema: z.object({ issuers: z.array(issuerAnswerSchema), next_page: z.string().optional() }),
    example: { issuers: [ISSUER_EXAMPLE] },
  },
  errors: [],
  handle: async (deps, { query }) => {
    const listed = await listIssuers(deps);
    if (!listed.ok) return listed;
    const issuers = listed.value.map(({ value }) => value);
    const page = { limit: query.limit, after: query.next_page };
    const { items, next } = listPage(issuers, ({ url }) => url, page);
    return ok({ body: { issuers: items.map(issuerOnTheWire), ...nextPage(next) } });
  },
});

const one = {
  path: "/issuers/{url}",
  tag: "issuers",
  namespace: NO_NAMESPACE,
  params: z.object({
    url: issuerSchema.shape.url.meta({
      description: "The issuer's URL, percent-encoded: `https%3A%2F%2Ftoken.actions.githubusercontent.com`.",
      examples: ["https://token.actions.githubusercontent.com"],
    }),
  }),
} as const;
const success: SuccessAnswer = {
  status: 200,
  description: "The issuer as it stands now.",
  schema: issuerAnswerSchema,
  example: ISSUER_EXAMPLE,
  hasVersion: true,
};

const get = defineRoute({
  ...one,
  method: "get",
  operationId: "getIssuer",
  summary: "Get a trusted issuer",
  scopes: "any",
  exchanged: true,
  success,
  errors: ["issuer_unknown"],
  handle: async (deps, { params }) => {
    const found = await findIssuer(deps, params.url);
    if (!found.ok) return found;
    return ok({ body: issuerOnTheWire(found.value.value), version: found.value.version });
  },
});

const put = defineRoute({
  ...one,
  method: "put",
  operationId: "putIssuer",
  summary: "Trust an issuer, or change what it is trusted for",
  description:
    "In the form that a declaration file has. At a change of what it is trusted for, all that was earned under it is dead.",
  scopes: ["super:user"],
  exchanged: false,
  body: { schema: issuerBodySchema, example: ISSUER_BODY_EXAMPLE },
  success,
  errors: CHANGE_ERRORS,
  handle: async (deps, { params, body, context }) => {
    const issuer = issuerOfBody(params.url, body, deps.publicUrl);
    if (!issuer.ok) return issuer;
    const obstacle = deps.refuseIssuer?.(issuer.value);
    if (obstacle !== undefined) return err(rejection("request_malformed", obstacle));
    const saved = await putIssuer(deps, issuer.value, context);
    if (!saved.ok) return saved;
    return ok({ body: issuerOnTheWire(saved.value.value), version: saved.value.version });
  },
});

const enable = defineRoute({
  ...one,
  method: "patch",
  operationId: "setIssuerEnabled",
  summary: "Enable or disable a trusted issuer",
  description:
    "Disabling ends all that was earned under it, and may be done to one that a file manages, too; enabling may not.",
  scopes: ["super:user"],
  exchanged: false,
  body: { schema: z.strictObject({ enabled: z.boolean() }), example: { enabled: false } },
  success,
  errors: ["issuer_unknown", ...CHANGE_ERRORS],
  handle: async (deps, { params, body, context }) => {
    const saved = await setIssuerEnabled(deps, params.url, body.enabled, context);
    if (!saved.ok) return saved;
    return ok({ body: issuerOnTheWire(saved.value.value), version: saved.value.version });
  },
});

const remove = defineRoute({
  ...one,
  method: "delete",
  operationId: "deleteIssuer",
  summary: "Trust an issuer no longer",
  description: "Refused while rules name it, unless forced. All that was earned under it is dead.",
  scopes: ["super:user"],
  exchanged: false,
  query: forceQuery,
  success: { status: 204, description: "It is gone." },
  errors: ["issuer_unknown", "in_use", ...CHANGE_ERRORS],
  handle: async (deps, { params, query, context }) => {
    const removed = await deleteIssuer(deps, params.url, query, context);
    return removed.ok ? ok({}) : removed;
  },
});

export const ISSUER_ROUTES: readonly ManagementRoute[] = [list, get, put, enable, remove];
