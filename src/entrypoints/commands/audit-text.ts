import type { ShownEvent } from "./audit-pages.ts";
import { plain } from "./plain-text.ts";
import { type Column, tableText } from "./table.ts";

const COLUMNS: readonly Column<ShownEvent>[] = [
  ["time", ({ time }) => time],
  ["kind", ({ kind }) => kind],
  ["of", ({ robot, namespace }) => robot ?? namespace],
  ["by", ({ actor, subject }) => actor ?? subject],
  ["what", whatOf],
  ["request", ({ request_id }) => request_id],
];

/** Events for people, in columns. */
export function auditTableText(events: readonly ShownEvent[]): string {
  return tableText(events, COLUMNS, "no events");
}

/** One event in a line: what comes next, and how wide, is not known. */
export function auditRowText(event: ShownEvent): string {
  return COLUMNS.map(([, cell]) => plain(String(cell(event) ?? "-"))).join("  ");
}

function whatOf({ reason, detail, changes = [] }: ShownEvent): string {
  const parts = [reason, detail, ...changes.map(({ object }) => object)];
  return parts.filter((part) => part !== undefined).join("; ");
}
