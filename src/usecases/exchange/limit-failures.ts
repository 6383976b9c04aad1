import { profileNamed } from "../../domain/identity/profiles/all.ts";
import { tenantOfToken } from "../../domain/identity/token-tenant.ts";
import { type ExchangeReason, type Rejection, rateLimited } from "../../domain/rejection.ts";
import { err, type Result } from "../../domain/result.ts";
import type { RateLimit } from "../ports.ts";
import type { VerifiedIdentity } from "./verify-identity-token.ts";

type Outcome<T> = Result<T, Rejection<ExchangeReason>>;

/**
 * Runs the exchange of a verified token, unless the token's tenant has failed too often lately: then it is
 * `rate_limited` before any record is read, so that the answer is the same whatever robots and rules there are, and
 * the token is not used up. Only failures count, and only those of this issuer and this tenant: who hammers slows
 * nobody else down.
 */
export async function limitFailures<T>(
  limit: RateLimit,
  { issuer, claims }: VerifiedIdentity,
  run: () => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  // No URL has a space.
  const tenant = `${issuer.url} ${tenantOfToken(claims, profileNamed(issuer.profile))}`;
  const seconds = limit.wait(tenant);
  if (seconds > 0) return err(rateLimited(seconds));
  const outcome = await run();
  // Clocks that differ are Berth's own trouble. Into debt: those that run at once have all passed the look above.
  if (!outcome.ok && outcome.error.reason !== "clock_skew") limit.charge(tenant);
  return outcome;
}
