import { JsonNumber, type JsonObject, type JsonValue } from "./strict-json.ts";

declare const verified: unique symbol;

/** The payload of an identity token whose signature, issuer, times and audience stand. */
export type VerifiedClaims = JsonObject & { readonly [verified]: true };

/** For `usecases/exchange/verify-identity-token.ts` alone: it calls this after the last of the checks. */
export function asVerifiedClaims(payload: JsonObject): VerifiedClaims {
  return payload as VerifiedClaims;
}

/** A claim that is a string; undefined for any other type, so that a list is never taken for its text. */
export function stringClaim(claims: JsonObject, name: string): string | undefined {
  const value = claims.get(name);
  return typeof value === "string" ? value : undefined;
}

/**
 * A claim as a rule compares it: strings as they are, numbers by their digits, booleans by name. Null, the
 * empty string, lists and objects are absent: a rule that names one of those does not match.
 */
export function comparableClaim(claims: JsonObject, name: string): string | undefined {
  return comparable(claims.get(name));
}

function comparable(value: JsonValue | undefined): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (typeof value === "boolean") return String(value);
  if (value instanceof JsonNumber) return value.digits;
  return undefined;
}
