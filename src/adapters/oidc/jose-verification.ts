import type { webcrypto } from "node:crypto";
import { errors, jwtVerify } from "jose";
import type { UnverifiedIdentityToken } from "../../domain/identity/identity-token.ts";
import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import { CLOCK_TOLERANCE_SECONDS } from "../../domain/identity/token-claims-check.ts";
import type { CheckedHeader } from "../../domain/identity/token-header-check.ts";
import type { SignatureVerdict, SignatureVerifier } from "../../usecases/key-ports.ts";
import { IssuerKeyCache } from "./issuer-key-cache.ts";
import type { KeySet } from "./key-set.ts";
import type { KeySource } from "./key-source.ts";

/** What a verification is held against. */
interface Expectation {
  readonly token: UnverifiedIdentityToken;
  readonly header: CheckedHeader;
  readonly issuer: TrustedIssuer;
  /** Unix seconds. */
  readonly now: number;
}

/** Verifies with jose, under the keys that `sourceOf` gives for an issuer under one nonce. */
export function verifierWithKeys(sourceOf: (issuer: TrustedIssuer) => KeySource): SignatureVerifier {
  const cache = new IssuerKeyCache(sourceOf);
  return {
    verify: (token, header, issuer, now) =>
      verifyWithRefresh(cache.of(issuer), { token, header, issuer, now }),
  };
}

/** A key id that is not there, and a signature that fails under one that is, may both be a rotation. */
async function verifyWithRefresh(source: KeySource, expected: Expectation): Promise<SignatureVerdict> {
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
