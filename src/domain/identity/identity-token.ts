import { type ExchangeReason, type Rejection, rejection } from "../rejection.ts";
import { err, ok, type Result } from "../result.ts";
import { decodeBase64url, isCanonicalBase64url } from "./base64url.ts";
import { isJsonObject, type JsonObject, parseStrictJsonBytes } from "./strict-json.ts";

/** The bound on an identity token in a form body; GitLab's largest seen are about 5 KiB. */
export const MAX_IDENTITY_TOKEN_BYTES = 16 * 1024;
/** The bound in Quay's Basic form: proxies commonly cut a header at 8 KiB, and base64 adds a third. */
export const MAX_IDENTITY_TOKEN_BYTES_IN_HEADER = 5 * 1024;

/**
 * A compact JWS (RFC 7515 §7.1) cut to shape: three parts of canonical base64url, header and payload strict
 * JSON objects. Nothing in it is verified; nothing but the choice of issuer and key may rest on it.
 */
export interface UnverifiedIdentityToken {
  /** The text as it came: for the verifier alone, never for a log or a key. */
  readonly compact: string;
  readonly header: JsonObject;
  readonly unverifiedPayload: JsonObject;
  /** `header.payload`, the only spelling of what was signed: canonical by the checks above. */
  readonly signingInput: string;
}

export function parseIdentityToken(
  text: string,
  maxBytes: number,
): Result<UnverifiedIdentityToken, Rejection<ExchangeReason>> {
  // Before the split: a string of dots is millions of parts (GHSA-f83f-xpx7-ffpw).
  if (text.length > maxBytes) return err(rejection("token_too_large", `over ${maxBytes} bytes`));
  const [header, payload, signature, ...rest] = text.split(".");
  if (!header || !payload || !signature || rest.length > 0) {
    return err(rejection("token_malformed", "not three non-empty parts"));
  }
  if (!isCanonicalBase64url(signature))
    return err(rejection("token_malformed", "signature is not base64url"));
  const headerObject = parsePart(header);
  if (!headerObject) return err(rejection("token_malformed", "header is not a JSON object"));
  const payloadObject = parsePart(payload);
  if (!payloadObject) return err(rejection("token_malformed", "payload is not a JSON object"));
  return ok({
    compact: text,
    header: headerObject,
    unverifiedPayload: payloadObject,
    signingInput: `${header}.${payload}`,
  });
}

function parsePart(part: string): JsonObject | undefined {
  const bytes = decodeBase64url(part);
  const value = bytes && parseStrictJsonBytes(bytes);
  return isJsonObject(value) ? value : undefined;
}
