import { asVerifiedClaims, type VerifiedClaims } from "../../src/domain/identity/claims.ts";
import { isJsonObject, parseStrictJson } from "../../src/domain/identity/strict-json.ts";

/** Verified claims as the parser of identity tokens gives them; a member that is undefined is left out. */
export function claimsOf(claims: Readonly<Record<string, unknown>>): VerifiedClaims {
  const payload = parseStrictJson(JSON.stringify(claims));
  if (!isJsonObject(payload)) throw new Error("not strict JSON");
  return asVerifiedClaims(payload);
}
