import { randomBytes } from "node:crypto";
import type { Credential } from "../../../src/domain/accounts/credential.ts";
import type { Clock, Ledger } from "../../../src/usecases/ports.ts";
import type { RedeemOutcome, Redemption } from "../../../src/usecases/store-records.ts";
import { aCredential, anEvent, aRedemption } from "../../support/baseline.ts";

export const MINTED: RedeemOutcome = { kind: "minted" };

/** A redemption of the one identity token of the baseline, with a credential of its own at each call. */
export function newRedemption(
  clock: Clock,
  change: Partial<Redemption> = {},
  credential: Partial<Credential> = {},
): Redemption {
  const now = clock.now();
  const hash = newHash();
  const redemption = aRedemption(now, change);
  const id = `${String(redemption.shard).padStart(2, "0")}${hash.slice(0, 32)}`;
  return {
    ...redemption,
    credential: aCredential(Math.floor(now / 1000), { hash, id, ...credential }),
    event: anEvent(now, { credentialId: id }),
  };
}

/** A hash that no other call gives: of a credential, a replay key or a retry key. */
export function newHash(): string {
  return randomBytes(32).toString("hex");
}

export function redeemAll(ledger: Ledger, redemptions: readonly Redemption[]): Promise<RedeemOutcome[]> {
  return Promise.all(redemptions.map((redemption) => ledger.redeem(redemption)));
}

/** How many outcomes there are of each kind. */
export function tally(outcomes: readonly RedeemOutcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** The ids of the redemptions whose credential has a record that is not revoked. */
export async function aliveIds(ledger: Ledger, redemptions: readonly Redemption[]): Promise<string[]> {
  const alive: string[] = [];
  for (const { credential } of redemptions) {
    const stored = await ledger.findCredential(credential.id);
    if (stored?.epochStands && stored.credential.revokedAt === undefined) alive.push(credential.id);
  }
  return alive;
}

/** The credential ids of the grants in the audit record, newest first. */
export async function grantedIds(ledger: Ledger): Promise<(string | undefined)[]> {
  const events = await ledger.readEvents(1000);
  return events.filter((event) => event.kind === "exchange.granted").map((event) => event.credentialId);
}
