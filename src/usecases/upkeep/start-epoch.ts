import type { Clock, Ledger } from "../ports.ts";

/**
 * After a restored backup or a lost ledger: every credential is dead, and every identity token issued until now
 * is refused, since what is left of the ledger cannot tell which were used.
 */
export async function startEpoch(
  deps: { readonly ledger: Ledger; readonly clock: Clock },
  requestId: string,
): Promise<void> {
  await deps.ledger.startEpoch({ kind: "epoch.started", at: deps.clock.now(), requestId });
}
