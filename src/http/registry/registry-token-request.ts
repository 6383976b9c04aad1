import { MAX_SCOPES, parseDockerScopes } from "../../domain/access/docker-scope.ts";
import { type RegistryTokenReason, type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { RegistryTokenRequest } from "../../usecases/registry/grant-registry-token.ts";
import { type BasicCredentials, parseBasicAuth } from "../basic-auth.ts";
import { repeatedParameter } from "../form-body.ts";

type Parsed<T> = Result<T, Rejection<RegistryTokenReason>>;

/** `GET`: the account from the Basic header alone; a query's `account` is only its echo, and easily misspelt. */
export function parseTokenQuery(
  query: URLSearchParams,
  authorization: string | undefined,
): Parsed<RegistryTokenRequest> {
  const login = parseBasicAuth(authorization);
  if (login === "malformed") return err(rejection("credentials_invalid", "Authorization is not Basic"));
  return parseTarget(query, login);
}

/** `POST`: `grant_type=password` of OAuth 2 (containerd, buildkit), the account from the form alone. */
export function parseTokenForm(form: URLSearchParams): Parsed<RegistryTokenRequest> {
  const repeated = repeatedParameter(form, ["grant_type", "username", "password"]);
  if (repeated !== undefined) return err(rejection("request_malformed", `${repeated} is repeated`));
  if (form.get("grant_type") !== "password") return err(rejection("grant_type_unsupported"));
  const username = form.get("username");
  const password = form.get("password");
  if (!username || !password) return err(rejection("credentials_invalid", "username or password is missing"));
  return parseTarget(form, { username, password });
}

function parseTarget(
  parameters: URLSearchParams,
  login: BasicCredentials | undefined,
): Parsed<RegistryTokenRequest> {
  const [service = "", ...others] = parameters.getAll("service");
  if (others.length > 0) return err(rejection("request_malformed", "service is repeated"));
  const scopes = parseDockerScopes(parameters.getAll("scope"));
  if (scopes.length > MAX_SCOPES) return err(rejection("request_malformed", `over ${MAX_SCOPES} scopes`));
  return ok({ service, scopes, ...(login === undefined ? {} : { login }) });
}
