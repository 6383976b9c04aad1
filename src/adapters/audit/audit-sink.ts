import type { AuditEvent } from "../../domain/audit-event.ts";
import { auditRecord } from "../../domain/audit-record.ts";

/** Where audit events go besides the store. What becomes of them there decides nothing. */
export interface AuditSink {
  /** Events lost since the start. */
  readonly lost: number;
  /** Takes events that the store has. Never throws, and nobody waits for it. */
  write(events: readonly AuditEvent[]): void;
  /** Resolves when all that was taken is written, or lost. */
  close(): Promise<void>;
}

/** One JSON object, with its line feed. */
export function auditLine(event: AuditEvent): string {
  return `${JSON.stringify(auditRecord(event))}\n`;
}

/** Events among the lines of the log, from which their `kind` tells them. They go where those go, or get lost. */
export function lineSink(write: (line: string) => void): AuditSink {
  return {
    lost: 0,
    write: (events) => {
      for (const event of events) write(auditLine(event));
    },
    close: () => Promise.resolve(),
  };
}
