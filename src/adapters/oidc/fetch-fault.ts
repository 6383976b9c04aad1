/** Why a discovery document or a key set could not be had. Stable: operators alert on it. */
export type FetchFaultReason =
  // the way there
  | "url_refused"
  | "address_refused"
  | "connection_failed"
  | "timed_out"
  // the answer
  | "redirected"
  | "status_not_200"
  | "body_too_large"
  // the content
  | "discovery_malformed"
  | "issuer_differs"
  | "jwks_uri_refused"
  | "key_set_malformed"
  | "too_many_keys"
  | "no_usable_keys";

/** A fetch that failed, or brought what cannot be used. Carries no text of the other side. */
export class FetchFault extends Error {
  override readonly name = "FetchFault";
  readonly reason: FetchFaultReason;
  /** A code of Node's, undici's or HTTP's: `ECONNREFUSED`, `CERT_HAS_EXPIRED`, `503`. */
  readonly code: string | undefined;

  constructor(reason: FetchFaultReason, code?: string) {
    super(code === undefined ? reason : `${reason} (${code})`);
    this.reason = reason;
    this.code = code;
  }
}
