import * as z from "zod";
import { robotName } from "../../domain/access/names.ts";
import type { AuditQuery } from "../../domain/audit-query.ts";
import { ok, type Result } from "../../domain/result.ts";
import { readAudit } from "../../usecases/management/read-audit.ts";
import type { AppDeps } from "../deps.ts";
import { auditKindField } from "./audit-kinds.ts";
import { auditLines, JSON_LINES, prefersLines } from "./audit-lines.ts";
import {
  AUDIT_EVENT_EXAMPLE,
  auditEventOnTheWire,
  auditEventSchema,
  auditListSchema,
} from "./audit-shape.ts";
import { defineRoute } from "./define-route.ts";
import { NAMESPACE_IN_PATH, NO_NAMESPACE } from "./namespace-source.ts";
import { limitField, nextPage, nextPageField } from "./paging.ts";
import { namespaceField, robotField, robotShortNameField } from "./path-fields.ts";
import type {
  ManagementAnswer,
  ManagementRefusal,
  ManagementRoute,
  SuccessAnswer,
} from "./route-definition.ts";
import { timeField } from "./wire-time.ts";
import { withoutUndefined } from "./without-undefined.ts";

const text = z.string().min(1).max(256);

const fields = {
  kind: auditKindField.optional(),
  reason: text.optional().meta({ description: "Of a refusal.", examples: ["no_match"] }),
  credential_id: text.optional(),
  request_id: text.optional(),
  run: text.optional().meta({ description: "A value of the provenance, such as the run's id." }),
  since: timeField.optional().meta({ description: "RFC 3339, inclusive." }),
  until: timeField.optional().meta({ description: "RFC 3339, exclusive." }),
  limit: limitField(),
  next_page: nextPageField,
};
const allQuery = z.strictObject({
  namespace: namespaceField.optional(),
  robot: robotField.optional(),
  ...fields,
});
const namespaceQuery = z.strictObject({ robot: robotShortNameField.optional(), ...fields });

const success: SuccessAnswer = {
  status: 200,
  description: `Events, the newest first. A page may be short, or empty, and not be the last. With \`Accept: ${JSON_LINES}\` all of them, a line each.`,
  schema: auditListSchema,
  example: { events: [AUDIT_EVENT_EXAMPLE] },
  lines: { schema: auditEventSchema, example: `${JSON.stringify(AUDIT_EVENT_EXAMPLE)}\n` },
};

const readAll = defineRoute({
  method: "get",
  path: "/audit",
  tag: "audit",
  operationId: "readAudit",
  summary: "Read the audit record",
  scopes: ["super:user"],
  exchanged: false,
  namespace: NO_NAMESPACE,
  params: z.object({}),
  query: allQuery,
  success,
  errors: [],
  handle: (deps, { query, accept }) => {
    const { namespace, robot } = query;
    return answer(deps, { ...queryOf(query), ...withoutUndefined({ namespace, robot }) }, query, accept);
  },
});

const readNamespace = defineRoute({
  method: "get",
  path: "/namespaces/{namespace}/audit",
  tag: "audit",
  operationId: "readNamespaceAudit",
  summary: "Read the audit record of a namespace",
  scopes: ["audit:read"],
  exchanged: false,
  namespace: NAMESPACE_IN_PATH,
  params: z.object({ namespace: namespaceField }),
  query: namespaceQuery,
  success,
  errors: [],
  handle: (deps, { namespace, query, accept }) => {
    const robot = query.robot === undefined ? {} : { robot: robotName(namespace, query.robot) };
    return answer(deps, { ...queryOf(query), namespace, ...robot }, query, accept);
  },
});

type Fields = Pick<z.output<typeof namespaceQuery>, keyof typeof fields>;

function queryOf(query: Fields): AuditQuery {
  const { kind, reason, run, since, until, credential_id: credentialId, request_id: requestId } = query;
  return withoutUndefined({ kind, reason, run, since, until, credentialId, requestId });
}

async function answer(
  deps: AppDeps,
  query: AuditQuery,
  { limit, next_page: after }: Fields,
  accept: string,
): Promise<Result<ManagementAnswer | Response, ManagementRefusal>> {
  const read = (from: string | undefined) => readAudit(deps, query, withoutUndefined({ limit, after: from }));
  const first = await read(after);
  if (!first.ok) return first;
  if (prefersLines(accept)) return ok(auditLines(first.value, read));
  const { events, next } = first.value;
  return ok({ body: { events: events.map(auditEventOnTheWire), ...nextPage(next) } });
}

export const AUDIT_ROUTES: readonly ManagementRoute[] = [readAll, readNamespace];
