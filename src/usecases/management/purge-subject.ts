import type { Rejection } from "../../domain/rejection.ts";
import { ok, type Result } from "../../domain/result.ts";
import type { AuditLog, Clock, Ledger } from "../ports.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import type { ChangeContext } from "./change-context.ts";

export interface PurgeDeps {
  readonly auditLog: Pick<AuditLog, "purgeSubject">;
  readonly ledger: Pick<Ledger, "record">;
  readonly clock: Clock;
}

/**
 * Removes what the audit record and the near misses hold of identity tokens with that `sub`, for a person who has a
 * right to it. The event that says so does not name the subject, or the record would hold it again.
 *
 * Credentials keep their subject until an hour past their end; refusals of the last second, and the lines of an
 * audit file, are not reached. After `store_unavailable` a part may be gone: the call is made again.
 *
 * @returns How many records went.
 */
export function purgeSubject(
  deps: PurgeDeps,
  subject: string,
  context: ChangeContext,
): Promise<Result<{ readonly removed: number }, Rejection<"store_unavailable">>> {
  return refuseWhenUnavailable(async () => {
    const removed = await deps.auditLog.purgeSubject(subject);
    const { caller, requestId, clientAddress } = context;
    await deps.ledger.record([
      {
        kind: "audit.purged",
        at: deps.clock.now(),
        requestId,
        actor: caller.actor,
        detail: `records removed: ${removed}`,
        ...(clientAddress === undefined ? {} : { clientAddress }),
      },
    ]);
    return ok({ removed });
  });
}
