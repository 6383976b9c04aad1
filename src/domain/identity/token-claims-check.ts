import { type ExchangeReason, type Rejection, rejection } from "../rejection.ts";
import { err, ok, type Result } from "../result.ts";
import type { TrustedIssuer } from "./issuer.ts";
import { JsonNumber, type JsonObject } from "./strict-json.ts";

/** Clock tolerance in seconds for `exp`, `iat` and `nbf`; also how much longer a replay mark is kept, at least. */
export const CLOCK_TOLERANCE_SECONDS = 30;

const MAX_SUBJECT_LENGTH = 2048;
const MAX_JTI_LENGTH = 256;

/** What a redeem needs of a token's times, in Unix seconds. */
export interface TokenTimes {
  readonly issuedAt: number;
  readonly expiresAt: number;
}

type Check<T> = Result<T, Rejection<ExchangeReason>>;

/**
 * What depends on the identity token and its issuer alone (DESIGN §6 step 5): `exp` and `iat` required
 * integers, `nbf` if there, the lifetime within the issuer's maximum, exactly one audience, the form of `sub`
 * and `jti`. The signature is the verifier's; so is a second look at `exp`, `nbf` and `aud`, in jose.
 */
export function checkTokenClaims(payload: JsonObject, issuer: TrustedIssuer, now: number): Check<TokenTimes> {
  const times = checkTimes(payload, issuer, now);
  if (!times.ok) return times;
  const audience = checkAudience(payload, issuer);
  if (!audience.ok) return audience;
  const identifiers = checkIdentifiers(payload, issuer);
  if (!identifiers.ok) return identifiers;
  return times;
}

function checkTimes(payload: JsonObject, issuer: TrustedIssuer, now: number): Check<TokenTimes> {
  const expiresAt = integerClaim(payload, "exp");
  const issuedAt = integerClaim(payload, "iat");
  if (expiresAt === undefined) return err(rejection("claim_malformed", "exp is not an integer"));
  if (issuedAt === undefined) return err(rejection("claim_malformed", "iat is not an integer"));
  if (payload.has("nbf")) {
    const notBefore = integerClaim(payload, "nbf");
    if (notBefore === undefined) return err(rejection("claim_malformed", "nbf is not an integer"));
    if (notBefore > now + CLOCK_TOLERANCE_SECONDS) return err(rejection("token_not_yet_valid", "nbf"));
  }
  if (issuedAt > now + CLOCK_TOLERANCE_SECONDS) return err(rejection("token_not_yet_valid", "iat"));
  if (expiresAt <= now - CLOCK_TOLERANCE_SECONDS) return err(rejection("token_expired"));
  if (expiresAt <= issuedAt) return err(rejection("claim_malformed", "exp is not after iat"));
  // Never from nbf: GitHub and Azure DevOps date it ten minutes back.
  if (expiresAt - issuedAt > issuer.maxLifetimeSeconds) {
    return err(rejection("token_lifetime_too_long", `over ${issuer.maxLifetimeSeconds} s`));
  }
  return ok({ issuedAt, expiresAt });
}

/** One value exactly: a token for two relying parties can be replayed by either at the other. */
function checkAudience(payload: JsonObject, issuer: TrustedIssuer): Check<void> {
  const aud = payload.get("aud");
  const audience = Array.isArray(aud) && aud.length === 1 ? aud[0] : aud;
  const isOurs = issuer.audiences.some((own) => own === audience);
  return isOurs ? ok(undefined) : err(rejection("audience_mismatch"));
}

function checkIdentifiers(payload: JsonObject, issuer: TrustedIssuer): Check<void> {
  const sub = payload.get("sub");
  if (typeof sub !== "string" || !isPrintable(sub, MAX_SUBJECT_LENGTH)) {
    return err(rejection("claim_malformed", "sub"));
  }
  const jti = payload.get("jti");
  if (jti === undefined && issuer.replay !== "jti") return ok(undefined);
  if (typeof jti !== "string" || !isPrintable(jti, MAX_JTI_LENGTH)) {
    return err(rejection("claim_malformed", jti === undefined ? "jti is required of this issuer" : "jti"));
  }
  return ok(undefined);
}

/** Some text, and no control character of ASCII in it. */
function isPrintable(text: string, maxLength: number): boolean {
  return text.length <= maxLength && /^[ -~\u0080-\uffff]+$/.test(text);
}

function integerClaim(payload: JsonObject, name: string): number | undefined {
  const value = payload.get(name);
  return value instanceof JsonNumber ? value.toInteger() : undefined;
}
