import type { webcrypto } from "node:crypto";
import { errors, jwtVerify } from "jose";
import type { UnverifiedIdentityToken } from "../../domain/identity/identity-token.ts";
import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import { CLOCK_TOLERANCE_SECONDS } from "../../domain/identity/token-claims-check.ts";
import type { CheckedHeader } from "../../domain/identity/token-header-check.ts";
import type { Clock, SignatureVerdict, SignatureVerifier } from "../../usecases/ports.ts";
import { createGuardedFetch } from "./guarded-fetch.ts";
import { IssuerKeyCache } from "./issuer-key-cache.ts";
import { IssuerKeys } from "./issuer-keys.ts";
import type { KeyEvent } from "./key-event.ts";
import { createKeyLoader } from "./key-loader.ts";
import type { KeySet } from "./key-set.ts";

export interface VerifierOptions {
  readonly clock: Clock;
  /** URL of the HTTP proxy by which the public internet is reached. */
  readonly egressProxy?: string | undefined;
  readonly report: (event: KeyEvent) => void;
}

/** What a verification is held against. */
interface Expectation {
  readonly token: UnverifiedIdentityToken;
  readonly header: CheckedHeader;
  readonly issuer: TrustedIssuer;
  /** Unix seconds. */
  readonly now: number;
}

/**
 * Verifies with jose, under the keys that the issuer publishes. For Node: on Workers no promise of one request may
 * be awaited by another, and undici's connections do not exist.
 */
export function createSignatureVerifier({ clock, egressProxy, report }: VerifierOptions): SignatureVerifier {
  const load = createKeyLoader(createGuardedFetch({ egressProxy }), report);
  const cache = new IssuerKeyCache((issuer) => new IssuerKeys(issuer, clock, load, report));
  return {
    verify: (token, header, issuer, now) =>
      verifyWithRefresh(cache.of(issuer), { token, header, issuer, now }),
  };
}

/** A key id that is not there, and a signature that fails under one that is, may both be a rotation. */
async function verifyWithRefresh(source: IssuerKeys, expected: Expectation): Promise<SignatureVerdict> {
  const keys = await source.current();
  if (keys === undefined) return "keys_unavailable";
  const verdict = await verifyUnder(keys, expected);
  if (verdict !== "key_unknown" && verdict !== "signature_invalid") return verdict;
  const newer = await source.newerThan(keys);
  return newer === undefined ? verdict : verifyUnder(newer, expected);
}

async function verifyUnder(keys: KeySet, expected: Expectation): Promise<SignatureVerdict> {
  let verdict: SignatureVerdict = "key_unknown";
  for (const key of keys.candidates(expected.header)) {
    verdict = await verifyUnderKey(key, expected);
    if (verdict !== "signature_invalid") break;
  }
  return verdict;
}

async function verifyUnderKey(key: webcrypto.CryptoKey, expected: Expectation): Promise<SignatureVerdict> {
  try {
    await jwtVerify(expected.token.compact, key, {
      algorithms: [expected.header.algorithm],
      issuer: expected.issuer.url,
      audience: [...expected.issuer.audiences],
      requiredClaims: ["exp", "iat"],
      currentDate: new Date(expected.now * 1000),
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    });
    return "verified";
  } catch (fault) {
    return verdictOf(fault);
  }
}

/** By jose's codes. A fault that is none of the token's is thrown on: it is a bug, and never a grant. */
function verdictOf(fault: unknown): SignatureVerdict {
  if (fault instanceof errors.JWTExpired) return "token_expired";
  if (fault instanceof errors.JWTClaimValidationFailed) return claimVerdict(fault);
  if (fault instanceof errors.JOSEError && NOT_SIGNED.has(fault.code)) return "signature_invalid";
  throw fault;
}

const NOT_SIGNED: ReadonlySet<string> = new Set([
  errors.JWSSignatureVerificationFailed.code,
  errors.JWSInvalid.code,
  errors.JWTInvalid.code,
  errors.JOSEAlgNotAllowed.code,
  errors.JOSENotSupported.code,
]);

function claimVerdict({ claim, reason }: errors.JWTClaimValidationFailed): SignatureVerdict {
  if (claim === "aud") return "audience_mismatch";
  if (claim === "nbf" && reason === "check_failed") return "token_not_yet_valid";
  return "claim_malformed";
}
