import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { ManagementReason, Rejection } from "../../domain/rejection.ts";
import type { AppEnv } from "../deps.ts";
import { noteRefusal } from "../exchange/oauth-error.ts";

/** What a caller learns of a refusal, in Quay's shape. */
interface ManagementError {
  readonly status: ContentfulStatusCode;
  /** Quay's word where it has one; a section of `/docs`. */
  readonly type: ErrorType;
  /** A sentence without its full stop: the detail may follow. */
  readonly sentence: string;
  /** The rejection's detail is for the log alone: a caller without rights would learn from it. */
  readonly hidesDetail?: true;
}

/** Every `error_type`, and what it says of the request. */
export const ERROR_TYPES = {
  invalid_request:
    "The request cannot be carried out as it stands: its form, or what it says, is not accepted.",
  invalid_token: "The request shows no API token, or one that is not alive.",
  insufficient_scope: "The API token does not reach this far: its scopes or its namespaces are others.",
  not_found: "What the request names is not there.",
  method_not_allowed: "The path is there, but not for this method. Allow names those that it has.",
  conflict: "The request is well formed, but something that is there stands against it.",
  precondition_failed: "The object is no longer the one that If-Match names. Read it again.",
  rate_limited: "Too many requests. Retry-After says when the next one may come.",
  unavailable: "A part that Berth needs does not answer. Retry-After says when to try again.",
  server_error: "A fault of Berth's own. Its log has it under the request id.",
} as const;
export type ErrorType = keyof typeof ERROR_TYPES;

const refused = (sentence: string): ManagementError => ({ status: 400, type: "invalid_request", sentence });
const unknown = (sentence: string): ManagementError => ({ status: 404, type: "not_found", sentence });
const conflict = (sentence: string): ManagementError => ({ status: 409, type: "conflict", sentence });

export const MANAGEMENT_ERRORS = {
  unauthenticated: {
    status: 401,
    type: "invalid_token",
    sentence: "Requires authentication: an API token, as Authorization: Bearer bra_..., that is alive",
    hidesDetail: true,
  },
  insufficient_scope: {
    status: 403,
    type: "insufficient_scope",
    sentence: "Unauthorized: the API token's scopes or namespaces do not reach this",
    hidesDetail: true,
  },
  rate_limited: {
    status: 429,
    type: "rate_limited",
    sentence: "Too many requests. Try again when Retry-After says",
  },
  request_malformed: refused("The request is malformed"),
  name_malformed: refused("The name is invalid"),
  rules_refused: refused("The rules are refused"),
  permission_foreign: {
    status: 403,
    type: "insufficient_scope",
    sentence: "A permission outside the robot's namespace needs that namespace's administrator",
  },
  limit_reached: refused("A limit is reached"),
  namespace_unknown: unknown("There is no such namespace"),
  robot_unknown: unknown("There is no such robot account"),
  rule_unknown: unknown("There is no such rule"),
  permission_unknown: unknown("There is no such permission"),
  issuer_unknown: unknown("There is no such issuer"),
  registry_unknown: unknown("There is no such registry"),
  credential_unknown: unknown("There is no such credential"),
  api_token_unknown: unknown("There is no such API token"),
  reservation_unknown: unknown("There is no such reserved name"),
  request_unknown: unknown("There is no record of such a request"),
  name_taken: conflict("The name is taken"),
  name_reserved: conflict(
    "The name is reserved: a namespace of that name was removed, and its images may still be in a registry",
  ),
  in_use: conflict("It is in use"),
  managed_elsewhere: conflict("It is managed elsewhere, and must be changed there"),
  administrative_robot: {
    status: 403,
    type: "insufficient_scope",
    sentence: "A rule of the robot account grants API scopes: only super:user writes such a one",
  },
  token_declared: conflict("The robot token stands in a declaration file, and must be changed there"),
  keyless_only: conflict("The robot account has no robot token, and may have none"),
  precondition_failed: {
    status: 412,
    type: "precondition_failed",
    sentence: "It has changed since: it is no longer what If-Match names",
  },
  stale_revision: conflict("A declaration with a higher revision was applied: raise this one's"),
  conflict: conflict("Others keep changing the same object. Try again"),
  store_unavailable: {
    status: 503,
    type: "unavailable",
    sentence: "Berth's store does not answer. Try again shortly, and look first whether the change was made",
    hidesDetail: true,
  },
} as const satisfies Record<ManagementReason, ManagementError>;

/** Seconds after which a 503 may be tried again. */
const RETRY_AFTER_SECONDS = 2;

/** RFC 6750 §3: of both refusals of a token. */
const CHALLENGES: Partial<Record<ManagementReason, string>> = {
  unauthenticated: 'Bearer realm="berth"',
  insufficient_scope: 'Bearer realm="berth", error="insufficient_scope"',
};

/** What differs from the table's line. */
interface ErrorChange {
  readonly status?: ContentfulStatusCode;
  readonly headers?: Readonly<Record<string, string>>;
  /** Members of the body besides: the findings of refused rules. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** The answer to a refused request of the management API, noted for the access log. */
export function managementErrorResponse(
  c: Context<AppEnv>,
  publicUrl: string,
  rejected: Rejection<ManagementReason>,
  change: ErrorChange = {},
): Response {
  const line: ManagementError = MANAGEMENT_ERRORS[rejected.reason];
  noteRefusal(c, rejected);
  const status = change.status ?? line.status;
  const challenge = CHALLENGES[rejected.reason];
  if (challenge !== undefined) c.header("WWW-Authenticate", challenge);
  const retryAfter = status === 503 ? RETRY_AFTER_SECONDS : rejected.retryAfterSeconds;
  if (retryAfter !== undefined) c.header("Retry-After", String(retryAfter));
  for (const [name, value] of Object.entries(change.headers ?? {})) c.header(name, value);
  const detail = line.hidesDetail ? undefined : rejected.detail;
  const sentence = detail === undefined ? `${line.sentence}.` : `${line.sentence}: ${detail}`;
  const body = errorBody(publicUrl, status, line.type, sentence);
  return c.json(
    { ...body, reason: rejected.reason, request_id: c.get("requestId"), ...change.members },
    status,
  );
}

/** An answer of this API that no rejection stands behind: an unknown path, another method, a fault. */
export function frameErrorResponse(
  c: Context<AppEnv>,
  publicUrl: string,
  status: ContentfulStatusCode,
  type: ErrorType,
  sentence: string,
): Response {
  const body = errorBody(publicUrl, status, type, sentence);
  return c.json({ ...body, reason: type, request_id: c.get("requestId") }, status);
}

/** Quay's members, each where its clients look for it. */
function errorBody(publicUrl: string, status: number, type: ErrorType, sentence: string) {
  return {
    detail: sentence,
    error_message: sentence,
    error_type: type,
    title: type,
    type: `${publicUrl}/docs#${type}`,
    status,
  };
}
