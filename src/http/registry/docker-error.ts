import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { RegistryTokenReason, Rejection } from "../../domain/rejection.ts";
import type { AppEnv } from "../deps.ts";
import { noteRefusal } from "../exchange/oauth-error.ts";

interface DockerError {
  readonly status: ContentfulStatusCode;
  /** Only codes that clients know: others are retried as transient by `docker push`. */
  readonly code: "UNAUTHORIZED" | "DENIED" | "UNSUPPORTED" | "TOOMANYREQUESTS" | "UNKNOWN";
  readonly message: string;
}

const UNAVAILABLE_RETRY_SECONDS = 2;

export const DOCKER_ERRORS = {
  request_malformed: { status: 400, code: "UNSUPPORTED", message: "the token request is malformed" },
  grant_type_unsupported: {
    status: 401,
    code: "UNAUTHORIZED",
    message: "this service gives no refresh tokens: log in again with the robot account and its password",
  },
  service_unknown: {
    status: 400,
    code: "UNSUPPORTED",
    message:
      "this registry is not registered with Berth: the service name of its token configuration is unknown",
  },
  credentials_invalid: {
    status: 401,
    code: "UNAUTHORIZED",
    message: "robot account or password is wrong",
  },
  credential_expired: {
    status: 401,
    code: "UNAUTHORIZED",
    message: "this credential has expired: exchange a new identity token and log in again",
  },
  credential_revoked: {
    status: 401,
    code: "UNAUTHORIZED",
    message: "this credential was revoked: exchange a new identity token and log in again",
  },
  rate_limited: {
    status: 429,
    code: "TOOMANYREQUESTS",
    message: "too many requests from this address: try again when Retry-After says",
  },
  store_unavailable: {
    status: 503,
    code: "UNKNOWN",
    message: "Berth's store does not answer: try again shortly",
  },
} as const satisfies Record<RegistryTokenReason, DockerError>;

/** The answer in the form that every client shows: `{"errors":[{code, message}]}` and nothing beside it. */
export function dockerErrorResponse(
  c: Context<AppEnv>,
  refused: Rejection<RegistryTokenReason>,
  change: Partial<DockerError> = {},
): Response {
  const { status, code, message } = { ...DOCKER_ERRORS[refused.reason], ...change };
  noteRefusal(c, refused);
  if (status === 401) c.header("WWW-Authenticate", 'Basic realm="Berth", charset="UTF-8"');
  const retryAfter = status === 503 ? UNAVAILABLE_RETRY_SECONDS : refused.retryAfterSeconds;
  if (retryAfter !== undefined) c.header("Retry-After", String(retryAfter));
  return c.json({ errors: [{ code, message }] }, status);
}
