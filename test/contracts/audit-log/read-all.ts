import { expect } from "vitest";
import type { AuditEvent } from "../../../src/domain/audit-event.ts";
import type { AuditQuery } from "../../../src/domain/audit-query.ts";
import type { AuditLogUnderTest } from "../audit-log-contract.ts";

/** All pages of a query, each of which is checked against its limit. */
export async function readAll(
  { auditLog }: AuditLogUnderTest,
  query: AuditQuery = {},
  limit = 1000,
  from?: string,
) {
  const events: AuditEvent[] = [];
  for (let after = from; ; ) {
    const page = await auditLog.query(query, { limit, ...(after && { after }) });
    expect(page.events.length).toBeLessThanOrEqual(limit);
    events.push(...page.events);
    if (page.next === undefined) return events;
    after = page.next;
  }
}
