import type { Rejection } from "../../domain/rejection.ts";
import type { Result } from "../../domain/result.ts";
import type { AuditPage } from "../../usecases/store-records.ts";
import { auditEventOnTheWire } from "./audit-shape.ts";

export const JSON_LINES = "application/x-ndjson";

type ReadPage = (after: string) => Promise<Result<AuditPage, Rejection<"store_unavailable">>>;

/** Whether Accept names JSON lines, and before JSON: whoever takes anything gets a page. */
export function prefersLines(accept: string): boolean {
  const types = accept.split(",").map((part) => part.split(";")[0]?.trim().toLowerCase());
  const lines = types.indexOf(JSON_LINES);
  const json = types.indexOf("application/json");
  return lines >= 0 && (json < 0 || lines < json);
}

/**
 * All events from `first` on as JSON lines, a page at a time and none before the reader has taken the one before: a
 * long record needs no more memory than a short one. A store that fails in the middle breaks the answer off, so that
 * nobody takes a part for the whole.
 */
export function auditLines(first: AuditPage, read: ReadPage): Response {
  const chunks = chunksOf(first, read);
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: async () => {
      await chunks.return();
    },
  });
  return new Response(stream, { headers: { "Content-Type": JSON_LINES } });
}

/** The lines of each page. A page may be empty and not the last. */
async function* chunksOf(first: AuditPage, read: ReadPage): AsyncGenerator<string, void, void> {
  let { events, next } = first;
  for (;;) {
    const lines = events.map((event) => `${JSON.stringify(auditEventOnTheWire(event))}\n`);
    if (lines.length > 0) yield lines.join("");
    if (next === undefined) return;
    const following = await read(next);
    if (!following.ok) throw new Error("the audit record cannot be read on: the store does not answer");
    ({ events, next } = following.value);
  }
}
