import type { AuditEvent } from "../../domain/audit-event.ts";
import { type AuditQuery, matchesAuditQuery } from "../../domain/audit-query.ts";
import type { AuditPage } from "../../usecases/store-records.ts";

/** Events that one page looks at, whatever it finds. */
const MAX_LOOKED_AT = 20_000;

/** An event, and what a page that ends with it has as `next`. */
export interface PlacedEvent {
  readonly event: AuditEvent;
  readonly cursor: string;
}

/** Fills a page from a store's events, the newest first. Reads no further than it must. */
export async function fillPage(
  placed: AsyncIterable<PlacedEvent>,
  query: AuditQuery,
  limit: number,
): Promise<AuditPage> {
  const events: AuditEvent[] = [];
  let looked = 0;
  for await (const { event, cursor } of placed) {
    if (matchesAuditQuery(event, query)) events.push(event);
    looked += 1;
    if (events.length === limit || looked === MAX_LOOKED_AT) return { events, next: cursor };
  }
  return { events };
}
