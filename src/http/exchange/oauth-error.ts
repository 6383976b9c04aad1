import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type {
  ExchangeReason,
  ManagementReason,
  Rejection,
  RevocationReason,
} from "../../domain/rejection.ts";
import type { AppEnv } from "../deps.ts";

/** What a caller learns of a refusal: a stable reason, a sentence, a request id. Nothing of a rule. */
interface OAuthError {
  readonly status: ContentfulStatusCode;
  /** RFC 6749 §5.2, RFC 8693 §2.2.2: a refused subject token is `invalid_request`. */
  readonly error: string;
  /** RFC 6749 §5.2: printable ASCII without quotes and backslashes. */
  readonly description: string;
}

/** Seconds after which a 503 may be tried again. */
const RETRY_AFTER_SECONDS = 2;

function badRequest(description: string): OAuthError {
  return { status: 400, error: "invalid_request", description };
}

function unavailable(description: string): OAuthError {
  // Not a code of RFC 6749 §5.2, which has none for this; RFC 6749 §4.1.2.1 has the word.
  return { status: 503, error: "temporarily_unavailable", description };
}

/** RFC 6585 §4. RFC 6749 §5.2 has no code for it either: what is there now may be there later. */
const RATE_LIMITED: OAuthError = {
  status: 429,
  error: "temporarily_unavailable",
  description: "Too many requests. Nothing was handed out; try again when Retry-After says.",
};

const UNAVAILABLE = unavailable("Berth's store does not answer. Nothing was handed out; try again shortly.");

export const OAUTH_ERRORS = {
  request_malformed: badRequest("The request is malformed."),
  grant_type_unsupported: {
    status: 400,
    error: "unsupported_grant_type",
    description: "grant_type must be urn:ietf:params:oauth:grant-type:token-exchange.",
  },
  token_type_unsupported: badRequest(
    "subject_token_type must be urn:ietf:params:oauth:token-type:id_token or urn:ietf:params:oauth:token-type:jwt.",
  ),
  scope_malformed: {
    status: 400,
    error: "invalid_scope",
    description:
      "scope must be in Docker's syntax, repository:NAME:pull,push, or API scopes such as rules:write; several between spaces, of one kind.",
  },
  ttl_malformed: badRequest("requested_ttl must be a whole number of seconds, 300 or more."),
  token_too_large: badRequest(
    "The identity token is too large: 16 KiB at most by POST /oauth2/token, 5 KiB in a Basic header.",
  ),
  token_malformed: badRequest("The identity token is not a signed JWT in compact form."),
  issuer_unknown: badRequest("The identity token's issuer is not one that this service trusts."),
  header_refused: badRequest("The identity token's header has a parameter that is not accepted."),
  algorithm_refused: badRequest(
    "The identity token's algorithm is not one that its issuer is registered with.",
  ),
  key_unknown: badRequest("The identity token is signed with a key that its issuer does not publish."),
  signature_invalid: badRequest("The identity token's signature does not verify."),
  token_expired: badRequest("The identity token has expired. Ask the CI platform for a new one."),
  token_not_yet_valid: badRequest("The identity token is not valid yet. Check the clocks."),
  token_lifetime_too_long: badRequest("The identity token lives longer than its issuer is allowed here."),
  claim_malformed: badRequest("A claim of the identity token is missing or malformed."),
  audience_mismatch: badRequest(
    "The identity token is for another audience. Ask the CI platform for one whose only audience is this service.",
  ),
  no_match: badRequest("No federation rule of that robot account accepts this identity token."),
  scope_not_granted: {
    status: 400,
    error: "invalid_scope",
    description: "Nothing of the requested scope can be granted.",
  },
  token_used: badRequest(
    "The identity token has been used already: each is accepted once. Ask the CI platform for a new one.",
  ),
  token_revoked: badRequest("A credential of this identity token was revoked, and the token with it."),
  token_predates_store: badRequest(
    "The identity token was issued before this service's ledger began. Ask the CI platform for a new one.",
  ),
  too_many_credentials: badRequest("The robot account has as many live credentials as it may have."),
  rate_limited: RATE_LIMITED,
  keys_unavailable: unavailable(
    "The issuer's keys cannot be had. Nothing was handed out; try again shortly.",
  ),
  store_unavailable: UNAVAILABLE,
  clock_skew: unavailable("The clocks of this service and of its store differ. Nothing was handed out."),
} as const satisfies Record<ExchangeReason, OAuthError>;

export const REVOCATION_ERRORS = {
  request_malformed: badRequest("The request is malformed: one form field, token, holds the credential."),
  token_type_unsupported: {
    status: 400,
    error: "unsupported_token_type",
    description:
      "Only what an exchange gave ends here. Robot tokens and other API tokens are managed by their owners.",
  },
  rate_limited: RATE_LIMITED,
  store_unavailable: UNAVAILABLE,
} as const satisfies Record<RevocationReason, OAuthError>;

/** Why an introspection is refused: its caller is one of the management API. */
export type IntrospectionReason = Extract<
  ManagementReason,
  "unauthenticated" | "insufficient_scope" | "request_malformed" | "store_unavailable"
>;

/** RFC 7662 §2.3: of the caller's own token as RFC 6750 §3.1 has it. */
export const INTROSPECTION_ERRORS = {
  unauthenticated: {
    status: 401,
    error: "invalid_token",
    description: "Introspection needs an API token that is alive, as Authorization: Bearer bra_...",
  },
  insufficient_scope: {
    status: 403,
    error: "insufficient_scope",
    description: "The API token lacks the scope tokens:introspect.",
  },
  request_malformed: badRequest(
    "The request is malformed: one form field, token, holds what is asked about.",
  ),
  store_unavailable: UNAVAILABLE,
} as const satisfies Record<IntrospectionReason, OAuthError>;

/** `description` replaces the table's sentence: for a request's own fault, whose name the caller may know. */
export function oauthErrorResponse<Reason extends string>(
  c: Context<AppEnv>,
  table: Readonly<Record<Reason, OAuthError>>,
  refused: Rejection<Reason>,
  change: { status?: ContentfulStatusCode; description?: string } = {},
): Response {
  const answer = { ...table[refused.reason], ...change };
  noteRefusal(c, refused);
  const retryAfter = answer.status === 503 ? RETRY_AFTER_SECONDS : refused.retryAfterSeconds;
  if (retryAfter !== undefined) c.header("Retry-After", String(retryAfter));
  return c.json(
    {
      error: answer.error,
      error_description: answer.description,
      reason: refused.reason,
      request_id: c.get("requestId"),
    },
    answer.status,
  );
}

/** The refusal's place in the access log: the detail is for those who run Berth. */
export function noteRefusal(c: Context<AppEnv>, refused: Rejection<string>): void {
  c.set("outcome", { ...c.get("outcome"), reason: refused.reason, detail: refused.detail });
}
