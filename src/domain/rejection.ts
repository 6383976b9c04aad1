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
  // who asks too often
  | "rate_limited"
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
  | "rate_limited"
  | "store_unavailable";

export type RevocationReason =
  | "request_malformed"
  | "token_type_unsupported"
  | "rate_limited"
  | "store_unavailable";

/** Why the management API refuses. */
export type ManagementReason =
  // who asks
  | "unauthenticated"
  | "insufficient_scope"
  | "rate_limited"
  // what is asked
  | "request_malformed"
  | "name_malformed"
  | "rules_refused"
  | "permission_foreign"
  | "limit_reached"
  // what is not there
  | "namespace_unknown"
  | "robot_unknown"
  | "rule_unknown"
  | "permission_unknown"
  | "issuer_unknown"
  | "registry_unknown"
  | "credential_unknown"
  | "api_token_unknown"
  | "reservation_unknown"
  | "request_unknown"
  // what stands against it
  | "name_taken"
  | "name_reserved"
  | "in_use"
  | "managed_elsewhere"
  | "administrative_robot"
  | "token_declared"
  | "keyless_only"
  | "precondition_failed"
  | "stale_revision"
  | "conflict"
  | "store_unavailable";

/** What a declaration, or one of its objects, is refused for. */
export type DeclarationReason = "stale_revision" | "conflict" | "store_unavailable";

/**
 * A refused request. `detail` is for the log and the auditor: it may name a claim or a rule, so it never reaches
 * the caller, and it never holds a secret or an identity token.
 */
export interface Rejection<Reason extends string> {
  readonly reason: Reason;
  readonly detail?: string;
  /** Of `rate_limited`: whole seconds, 1 or more, before which another try is in vain. */
  readonly retryAfterSeconds?: number;
}

export function rejection<Reason extends string>(reason: Reason, detail?: string): Rejection<Reason> {
  return detail === undefined ? { reason } : { reason, detail };
}

/** @param seconds Until the next try, whole, 1 or more. */
export function rateLimited(seconds: number): Rejection<"rate_limited"> {
  return { reason: "rate_limited", retryAfterSeconds: seconds };
}
