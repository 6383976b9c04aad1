import * as z from "zod";
import type { AuditEvent } from "../../domain/audit-event.ts";
import { auditRecord } from "../../domain/audit-record.ts";
import { auditKindField } from "./audit-kinds.ts";

const view = z.record(z.string(), z.unknown());

export const auditEventSchema = z
  .object({
    time: z.iso.datetime(),
    kind: auditKindField,
    request_id: z.string(),
    reason: z.string().optional(),
    detail: z.string().optional(),
    actor: z.string().optional().meta({ description: "Of a change: who made it." }),
    changes: z
      .array(z.object({ object: z.string(), before: view.optional(), after: view.optional() }))
      .optional(),
    namespace: z.string().optional(),
    robot: z.string().optional(),
    issuer: z.string().optional(),
    subject: z.string().optional(),
    provenance: z.record(z.string(), z.string()).optional(),
    rule_id: z.string().optional(),
    credential_id: z.string().optional(),
    replaced_credential_id: z.string().optional(),
    registry: z.string().optional(),
    scope: z.string().optional(),
    client_address: z.string().optional(),
  })
  .meta({ id: "AuditEvent" });

export const auditListSchema = z
  .object({ events: z.array(auditEventSchema), next_page: z.string().optional() })
  .meta({ id: "AuditEventList" });

export const AUDIT_EVENT_EXAMPLE = {
  time: "2026-03-01T12:00:00.000Z",
  kind: "directory.changed",
  request_id: "3q2-7wQ0m1ZkX9aB",
  actor: "token:00112233445566778899aabbccddeeff",
  namespace: "acme",
  robot: "acme+builder",
  changes: [{ object: "robot acme+builder", before: { enabled: true }, after: { enabled: false } }],
};

export function auditEventOnTheWire(event: AuditEvent) {
  return auditRecord(event);
}
