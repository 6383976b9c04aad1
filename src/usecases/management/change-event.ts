import type { AuditEvent } from "../../domain/audit-event.ts";
import type { ChangeContext, ManagementDeps } from "./change-context.ts";

/** The record of a change: what was done, by whom, now. */
export function changeEvent(
  { clock }: Pick<ManagementDeps, "clock">,
  { caller, requestId, clientAddress }: ChangeContext,
  what: Omit<AuditEvent, "at" | "requestId" | "clientAddress" | "actor">,
): AuditEvent {
  return {
    ...what,
    at: clock.now(),
    requestId,
    ...(clientAddress === undefined ? {} : { clientAddress }),
    actor: caller.actor,
  };
}
