import type { AuditEvent } from "../../domain/audit-event.ts";
import { decodeRecord } from "../redis/record.ts";

/** As XREVRANGE gives it: the entry's id (`<milliseconds>-<number>`) and its fields, flat. */
export type StreamEntry = [id: string, fields: string[]];

/** The newest events of several streams, each newest first; those of one millisecond in the order they came. */
export function mergeEvents(streams: readonly (readonly StreamEntry[])[], limit: number): AuditEvent[] {
  return streams
    .flat()
    .map(parseEntry)
    .sort(newestFirst)
    .slice(0, limit)
    .map(({ event }) => event);
}

interface ParsedEntry {
  readonly event: AuditEvent;
  /** The store's clock and a number within its millisecond. */
  readonly storedAt: number;
  readonly number: number;
}

function parseEntry([id, fields]: StreamEntry): ParsedEntry {
  const [storedAt, number] = id.split("-");
  return { event: eventOf(fields), storedAt: Number(storedAt), number: Number(number) };
}

export function eventOf(fields: StreamEntry[1]): AuditEvent {
  const event = decodeRecord<AuditEvent>(fields[1] ?? "");
  const replacedCredentialId = fields[3];
  return replacedCredentialId === undefined ? event : { ...event, replacedCredentialId };
}

function newestFirst(left: ParsedEntry, right: ParsedEntry): number {
  return right.event.at - left.event.at || right.storedAt - left.storedAt || right.number - left.number;
}
