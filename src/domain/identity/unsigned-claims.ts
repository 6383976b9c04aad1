import { type Rejection, rejection } from "../rejection.ts";
import { err, ok, type Result } from "../result.ts";
import { decodeBase64url } from "./base64url.ts";
import { MAX_IDENTITY_TOKEN_BYTES } from "./identity-token.ts";
import { isJsonObject, type JsonObject, parseStrictJson, parseStrictJsonBytes } from "./strict-json.ts";

export type UnsignedClaimsReason = "token_signed" | "claims_malformed";

/** A signed token anywhere in a text, a file or another tool's JSON around it: a JOSE header is `{"…` in base64url. */
const SIGNED_WITHIN = /eyJ[\w-]*\.[\w-]+\.[\w-]+/;
const SIGNED_WHOLE = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Whether `text` is or holds an identity token that still opens something. */
export function holdsSignedToken(text: string): boolean {
  return SIGNED_WHOLE.test(text.trim()) || SIGNED_WITHIN.test(text);
}

/**
 * A token without what makes it one: `header.payload.`, an unsecured JWS (RFC 7515 appendix A.5) that no
 * relying party takes. Undefined for what is not three parts. For the command line, before anything else.
 */
export function stripSignature(text: string): string | undefined {
  const parts = text.trim().split(".", 4);
  return parts.length === 3 ? `${parts[0]}.${parts[1]}.` : undefined;
}

/**
 * The claims of which an explanation is asked: strict JSON, or a token whose signature was taken off. A signed
 * one is refused, so that nobody sends one to be explained. Nothing here is verified.
 */
export function parseUnsignedClaims(text: string): Result<JsonObject, Rejection<UnsignedClaimsReason>> {
  if (holdsSignedToken(text)) return err(rejection("token_signed"));
  if (text.length > MAX_IDENTITY_TOKEN_BYTES) return err(rejection("claims_malformed", "too long"));
  const claims = text.trimStart().startsWith("{") ? parseStrictJson(text) : payloadOf(text.trim());
  return isJsonObject(claims) ? ok(claims) : err(rejection("claims_malformed", "not a strict JSON object"));
}

function payloadOf(text: string) {
  const [, payload] = text.split(".", 3);
  const bytes = decodeBase64url(payload ?? "");
  return bytes && parseStrictJsonBytes(bytes);
}
