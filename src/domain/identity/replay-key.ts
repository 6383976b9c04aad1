import { stringClaim, type VerifiedClaims } from "./claims.ts";
import { type Sha256Hex, sha256Hex } from "./digest.ts";
import type { TrustedIssuer } from "./issuer.ts";

/** How long a mark is kept past the last second in which the token could verify. */
export const MARK_MARGIN_SECONDS = 120;

/**
 * What makes an identity token used: SHA-256 over issuer, NUL and its id, in hexadecimal.
 *
 * The id is the `jti`, else the hash of `header.payload`. Never the token text or its signature: base64url has
 * spare bits and an ECDSA signature has a twin (`n − s`), so one token has many texts.
 */
export async function replayKey(
  issuer: TrustedIssuer,
  claims: VerifiedClaims,
  signingInput: string,
  sha256: Sha256Hex = sha256Hex,
): Promise<string> {
  const jti = stringClaim(claims, "jti");
  // "j" and "h" keep a chosen jti from naming another token's hash.
  const id = jti !== undefined && issuer.replay !== "reusable" ? `j${jti}` : `h${await sha256(signingInput)}`;
  return sha256(`${issuer.url}\0${id}`);
}
