/**
 * The closed lists of reasons for which Berth refuses, one for each pipeline.
 *
 * A reason is stable API: add, never rename. Only `http/` knows what a reason looks like on the wire, in one
 * exhaustive table for each list; a reason without a line there does not compile.
 */

export type ExchangeReason =
  // the request
  | "request_malformed"
  | "grant_type_unsupported"
  | "token_type_unsupported"
  | "scope_malformed"
  | "ttl_malformed"
  // the identity token, before any key is looked up
  | "token_too_large"
  | "token_malformed"
  | "issuer_unknown"
  | "header_refused"
  | "algorithm_refused"
  // the signature
  | "key_unknown"
  | "signature_invalid"
  // what depends on the identity token and its issuer alone
  | "token_expired"
  | "token_not_yet_valid"
  | "token_lifetime_too_long"
  | "claim_malformed"
  | "audience_mismatch"
  // the robot and its rules: one answer, whatever the cause
  | "no_match"
  | "scope_not_granted"
  // redeem
  | "token_used"
  | "token_revoked"
  | "token_predates_store"
  | "too_many_credentials"
  // a dependency: never the caller's fault, never a grant
  | "keys_unavailable"
  | "store_unavailable"
  | "clock_skew";

export type RegistryTokenReason =
  | "request_malformed"
  | "grant_type_unsupported"
  | "service_unknown"
  | "credentials_invalid"
  | "credential_expired"
  | "credential_revoked"
  | "store_unavailable";

export type RevocationReason = "request_malformed" | "token_type_unsupported" | "store_unavailable";

/** Why a change of one object is refused. */
export type ManagementReason = "robot_unknown" | "token_declared" | "conflict" | "store_unavailable";

/** What a declaration, or one of its objects, is refused for. */
export type DeclarationReason = "stale_revision" | "conflict" | "store_unavailable";

/**
 * A refused request. `detail` is for the log and the auditor: it may name a claim or a rule, so it never reaches
 * the caller, and it never holds a secret or an identity token.
 */
export interface Rejection<Reason extends string> {
  readonly reason: Reason;
  readonly detail?: string;
}

export function rejection<Reason extends string>(reason: Reason, detail?: string): Rejection<Reason> {
  return detail === undefined ? { reason } : { reason, detail };
}
