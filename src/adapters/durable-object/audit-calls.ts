import type { EventRow } from "../sqlite/audit-events.ts";

/** What each object answers of its own audit record, whose events are numbered by its clock (`event-place.ts`). */
export interface AuditCalls {
  /** The newest first of those whose number is below `before`, at most `limit`. */
  readEvents(before: number, limit: number): Promise<readonly EventRow[]>;
  /** `AuditLog.purgeSubject`, of this object. */
  purgeSubject(subject: string): Promise<number>;
}
