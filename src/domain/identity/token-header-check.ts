import { type ExchangeReason, type Rejection, rejection } from "../rejection.ts";
import { err, ok, type Result } from "../result.ts";
import type { Algorithm, TrustedIssuer } from "./issuer.ts";
import type { JsonObject } from "./strict-json.ts";

const MAX_KEY_ID_LENGTH = 256;
/** A key that comes with the token is the sender's own (CVE-2018-0114); `crit` names rules that we do not know. */
const REFUSED_PARAMETERS = ["crit", "jwk", "jku", "x5u", "x5c", "zip", "b64"];

/** What chooses the key. No `keyId`: allowed only where the issuer's set has exactly one key that fits. */
export interface CheckedHeader {
  readonly algorithm: Algorithm;
  readonly keyId: string | undefined;
}

/** The JOSE header against the issuer's list (DESIGN §6 step 3), before any key is looked up. */
export function checkTokenHeader(
  header: JsonObject,
  issuer: TrustedIssuer,
): Result<CheckedHeader, Rejection<ExchangeReason>> {
  for (const name of REFUSED_PARAMETERS) {
    if (header.has(name)) return err(rejection("header_refused", name));
  }
  const type = header.get("typ");
  // RFC 8725 §3.11: an access or logout token of the same issuer is not an identity token.
  if (type !== undefined && !(typeof type === "string" && type.toUpperCase() === "JWT")) {
    return err(rejection("header_refused", "typ"));
  }
  const algorithm = issuer.algorithms.find((allowed) => allowed === header.get("alg"));
  if (algorithm === undefined) return err(rejection("algorithm_refused"));
  const keyId = header.get("kid");
  if (keyId === undefined) return ok({ algorithm, keyId });
  if (typeof keyId !== "string" || keyId === "" || keyId.length > MAX_KEY_ID_LENGTH) {
    return err(rejection("header_refused", "kid"));
  }
  return ok({ algorithm, keyId });
}
