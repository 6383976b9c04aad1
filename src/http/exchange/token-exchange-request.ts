import { isApiScope } from "../../domain/access/api-scope.ts";
import { MAX_SCOPES, parseDockerScope, parseDockerScopes } from "../../domain/access/docker-scope.ts";
import { isRobotName } from "../../domain/access/names.ts";
import { MAX_IDENTITY_TOKEN_BYTES } from "../../domain/identity/identity-token.ts";
import { type ExchangeReason, type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { MIN_CREDENTIAL_SECONDS } from "../../domain/rules/federation-rule.ts";
import type { ExchangeRequest } from "../../usecases/exchange/exchange-identity-token.ts";
import { repeatedParameter } from "../form-body.ts";

export const TOKEN_EXCHANGE_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
/** What a credential is to RFC 8693 §3: neither an access token nor a JWT, but a password for the robot account. */
export const CREDENTIAL_TOKEN_TYPE = "urn:berth:params:oauth:token-type:registry-credential";
/** RFC 8693 §3: what a resource server, here the management API, takes as a bearer token. */
export const ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token";

const SUBJECT_TOKEN_TYPES = [
  "urn:ietf:params:oauth:token-type:id_token",
  "urn:ietf:params:oauth:token-type:jwt",
];
const PARAMETERS = [
  "grant_type",
  "subject_token",
  "subject_token_type",
  "robot",
  "scope",
  "requested_ttl",
  "retry_key",
  "actor_token",
  "actor_token_type",
];
/** 128 random bits are 22 characters of base64url. */
const RETRY_KEY = /^[\x21-\x7e]{22,256}$/;

type Parsed<T> = Result<T, Rejection<ExchangeReason>>;

/** The form of `POST /oauth2/token` (RFC 8693 §2.1). Unknown parameters are ignored (RFC 6749 §3.2). */
export function parseTokenExchangeRequest(form: URLSearchParams): Parsed<ExchangeRequest> {
  const repeated = repeatedParameter(form, PARAMETERS);
  if (repeated !== undefined) return malformed(`${repeated} is repeated`);
  if (form.get("grant_type") !== TOKEN_EXCHANGE_GRANT) return err(rejection("grant_type_unsupported"));
  // RFC 8693 §2.1: an actor token asks for delegation, and ignoring it would grant what was not asked for.
  if (given(form, "actor_token") || given(form, "actor_token_type")) {
    return malformed("actor_token is not accepted");
  }
  if (!SUBJECT_TOKEN_TYPES.includes(form.get("subject_token_type") ?? "")) {
    return err(rejection("token_type_unsupported"));
  }
  const subjectToken = given(form, "subject_token");
  if (subjectToken === undefined) return malformed("subject_token is missing");
  const robot = form.get("robot") ?? "";
  if (!isRobotName(robot)) return malformed("robot must be NAMESPACE+NAME, its + sent as %2B");
  const options = parseOptions(form);
  if (!options.ok) return options;
  return ok({ subjectToken, maxTokenBytes: MAX_IDENTITY_TOKEN_BYTES, robot, ...options.value });
}

/** RFC 6749 §3.2: a parameter without a value is treated as if it were left out. */
function given(form: URLSearchParams, name: string): string | undefined {
  return form.get(name) || undefined;
}

type Scopes = Pick<ExchangeRequest, "scopes" | "apiScopes">;
type Options = Scopes & Pick<ExchangeRequest, "requestedTtl" | "retryKey">;

function parseOptions(form: URLSearchParams): Parsed<Options> {
  const scopes = parseScope(given(form, "scope") ?? "");
  if (!scopes.ok) return scopes;
  const requestedTtl = given(form, "requested_ttl");
  if (requestedTtl !== undefined && !isTtl(requestedTtl)) return err(rejection("ttl_malformed"));
  const retryKey = given(form, "retry_key");
  if (retryKey !== undefined && !RETRY_KEY.test(retryKey)) {
    return malformed(
      "retry_key must be 22 to 256 visible characters without spaces: 128 random bits or more",
    );
  }
  return ok({
    ...scopes.value,
    ...(requestedTtl === undefined ? {} : { requestedTtl: Number(requestedTtl) }),
    ...(retryKey === undefined ? {} : { retryKey }),
  });
}

/**
 * Docker scopes or API scopes, and not both: a rule grants one kind. Strict, unlike a registry's scopes: a scope
 * that is misread here would not narrow.
 */
function parseScope(value: string): Parsed<Scopes> {
  const words = value.split(" ").filter((word) => word !== "");
  if (words.length > MAX_SCOPES) return err(rejection("scope_malformed"));
  const apiScopes = words.filter(isApiScope);
  if (apiScopes.length > 0) {
    return apiScopes.length === words.length
      ? ok({ scopes: [], apiScopes })
      : err(rejection("scope_malformed"));
  }
  if (words.some((word) => parseDockerScope(word) === undefined)) return err(rejection("scope_malformed"));
  return ok({ scopes: parseDockerScopes(words) });
}

function isTtl(text: string): boolean {
  return /^\d{1,9}$/.test(text) && Number(text) >= MIN_CREDENTIAL_SECONDS;
}

function malformed(detail: string): Parsed<never> {
  return err(rejection("request_malformed", detail));
}
