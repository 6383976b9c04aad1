import { isJsonObject, JsonNumber, type JsonObject, type JsonValue } from "./strict-json.ts";

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
 *
 * @param path The claim's name, whatever stands in it (`oidc.circleci.com/org-id`); or, beginning with a slash, a
 *   JSON Pointer (RFC 6901) to a nested one: `/kubernetes.io/serviceaccount/uid`. Lists are not entered. A pointer
 *   of one step names nothing: `/ref` would be a second spelling of `ref`, past every check of rules by name.
 */
export function comparableClaim(claims: JsonObject, path: string): string | undefined {
  return comparable(path.startsWith("/") ? nestedClaim(claims, path) : claims.get(path));
}

/** An escape that RFC 6901 §3 does not know names nothing. */
function nestedClaim(claims: JsonObject, pointer: string): JsonValue | undefined {
  if (/~(?![01])/.test(pointer)) return undefined;
  const tokens = pointer.slice(1).split("/");
  if (tokens.length === 1) return undefined;
  let value: JsonValue | undefined = claims;
  for (const token of tokens) {
    if (!isJsonObject(value)) return undefined;
    // RFC 6901 §4: `~1` first, so that `~01` is `~1` and not a slash.
    value = value.get(token.replaceAll("~1", "/").replaceAll("~0", "~"));
  }
  return value;
}

function comparable(value: JsonValue | undefined): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (typeof value === "boolean") return String(value);
  if (value instanceof JsonNumber) return value.digits;
  return undefined;
}
