import { asVerifiedClaims, stringClaim, type VerifiedClaims } from "../../domain/identity/claims.ts";
import { parseIdentityToken, type UnverifiedIdentityToken } from "../../domain/identity/identity-token.ts";
import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import { checkTokenClaims, type TokenTimes } from "../../domain/identity/token-claims-check.ts";
import { checkTokenHeader } from "../../domain/identity/token-header-check.ts";
import { type ExchangeReason, type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { SignatureVerifier } from "../key-ports.ts";
import type { Clock, System } from "../ports.ts";

/** A log line is not for as much as anyone likes to send. */
const MAX_ISSUER_IN_DETAIL = 255;

/** Who a CI job is, by the word of an issuer that an operator trusts. */
export interface VerifiedIdentity {
  readonly issuer: TrustedIssuer;
  readonly claims: VerifiedClaims;
  /** The claim `sub`. */
  readonly subject: string;
  readonly times: TokenTimes;
  /** `header.payload` as it was signed. */
  readonly signingInput: string;
}

/** A refused exchange, with what is counted beside the reason. */
export interface ExchangeRefusal extends Rejection<ExchangeReason> {
  /** Name of the issuer's family, from the moment on that the issuer is known to be a trusted one. */
  readonly profile?: string;
}

export interface VerificationDeps {
  readonly system: System;
  readonly verifier: SignatureVerifier;
  readonly clock: Clock;
}

/**
 * DESIGN §6, steps 1 to 5, in that order: what costs nothing comes first, an unknown issuer costs no network
 * call, and no claim but `iss` is read before the signature stands.
 */
export async function verifyIdentityToken(
  deps: VerificationDeps,
  subjectToken: string,
  maxBytes: number,
): Promise<Result<VerifiedIdentity, ExchangeRefusal>> {
  const token = parseIdentityToken(subjectToken, maxBytes);
  if (!token.ok) return token;
  const unverifiedIssuer = stringClaim(token.value.unverifiedPayload, "iss");
  const issuer = unverifiedIssuer === undefined ? undefined : await deps.system.findIssuer(unverifiedIssuer);
  // The answer is held against the question: a store that folds case would hand out another issuer's keys.
  if (issuer === undefined || issuer.url !== unverifiedIssuer || !issuer.enabled) {
    return err(rejection("issuer_unknown", unverifiedIssuer?.slice(0, MAX_ISSUER_IN_DETAIL)));
  }
  const verified = await verifyByIssuer(deps, token.value, issuer);
  return verified.ok ? verified : err({ ...verified.error, profile: issuer.profile });
}

async function verifyByIssuer(
  deps: VerificationDeps,
  token: UnverifiedIdentityToken,
  issuer: TrustedIssuer,
): Promise<Result<VerifiedIdentity, Rejection<ExchangeReason>>> {
  const header = checkTokenHeader(token.header, issuer);
  if (!header.ok) return header;
  const now = Math.floor(deps.clock.now() / 1000);
  const verdict = await deps.verifier.verify(token, header.value, issuer, now);
  if (verdict !== "verified") return err(rejection(verdict, issuer.url));
  const times = checkTokenClaims(token.unverifiedPayload, issuer, now);
  if (!times.ok) return times;
  return ok({
    issuer,
    claims: asVerifiedClaims(token.unverifiedPayload),
    // A string, or checkTokenClaims would have refused it.
    subject: String(token.unverifiedPayload.get("sub")),
    times: times.value,
    signingInput: token.signingInput,
  });
}
