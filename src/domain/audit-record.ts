import type { AuditEvent } from "./audit-event.ts";

/** An event as others read it: names in snake case, and the time as ISO 8601 has it. What is absent is undefined. */
export function auditRecord(event: AuditEvent): Readonly<Record<string, unknown>> {
  const { at, requestId, ruleId, credentialId, replacedCredentialId, clientAddress, ...rest } = event;
  return {
    time: new Date(at).toISOString(),
    ...rest,
    request_id: requestId,
    rule_id: ruleId,
    credential_id: credentialId,
    replaced_credential_id: replacedCredentialId,
    client_address: clientAddress,
  };
}
