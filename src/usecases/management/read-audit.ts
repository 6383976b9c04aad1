import type { AuditQuery } from "../../domain/audit-query.ts";
import type { Rejection } from "../../domain/rejection.ts";
import { ok, type Result } from "../../domain/result.ts";
import type { AuditLog } from "../ports.ts";
import type { AuditPage, AuditPageRequest } from "../store-records.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";

/** Events of one page. */
const MAX_AUDIT_PAGE = 1000;

/**
 * The events that `query` asks for, the newest first, a page of 1 to MAX_AUDIT_PAGE at a time. A page may be short,
 * or empty, and have a next: each is a bounded amount of work. Whether the caller may read them is for its caller to
 * know: a query that names no namespace reads all.
 */
export function readAudit(
  deps: { readonly auditLog: Pick<AuditLog, "query"> },
  query: AuditQuery,
  page: AuditPageRequest,
): Promise<Result<AuditPage, Rejection<"store_unavailable">>> {
  const limit = Math.min(Math.max(page.limit, 1), MAX_AUDIT_PAGE);
  return refuseWhenUnavailable(async () => ok(await deps.auditLog.query(query, { ...page, limit })));
}
