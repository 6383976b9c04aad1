import type { AuditEvent } from "../../src/domain/audit-event.ts";

/** An event with every field, some with texts that a store or a format may stumble over. */
export function aFullEvent(): Required<AuditEvent> {
  return {
    kind: "exchange.refused",
    at: 1_700_000_000_123,
    requestId: "request-😀",
    reason: "no_match",
    detail: 'rule-1: claim "environment"\n\u0000',
    actor: "token:0123456789abcdef",
    changes: [
      {
        object: "robot acme+builder",
        before: { enabled: true, rules: ["a\u2028"] },
        after: { enabled: false },
      },
      { object: "issuer https://issuer.example.com" },
    ],
    namespace: "acme",
    robot: "acme+builder",
    issuer: "https://issuer.example.com",
    subject: "repo:acme/äpp",
    provenance: { repository: "acme/app", run_id: "1" },
    ruleId: "rule-1",
    credentialId: `07${"a".repeat(32)}`,
    replacedCredentialId: `07${"b".repeat(32)}`,
    registry: "registry.example.com",
    scope: "repository:acme/app:pull",
    clientAddress: "2001:db8::1",
  };
}
