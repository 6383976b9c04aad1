import { plain } from "./plain-text.ts";

const MAX_LINES = 6;

/** What is told of a fault of the client's own, in place of the bundle's long line that Node would show. */
export function faultText(fault: unknown): string {
  const stack = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
  const lines = stack.split("\n").slice(0, MAX_LINES).map(plain);
  return [
    "berth: a fault of the client's own, and none of the job's. Whoever keeps it wants to know:",
    ...lines,
  ].join("\n");
}
