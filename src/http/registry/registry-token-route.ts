import type { Context, Handler } from "hono";
import { type RegistryTokenReason, type Rejection, rejection } from "../../domain/rejection.ts";
import type { Result } from "../../domain/result.ts";
import type {
  IssuedRegistryToken,
  RegistryTokenRequest,
} from "../../usecases/registry/grant-registry-token.ts";
import { issueRegistryToken } from "../../usecases/registry/issue-registry-token.ts";
import { requestContext } from "../context.ts";
import type { AppDeps, AppEnv } from "../deps.ts";
import { FORM_PROBLEM_STATUS, readForm } from "../form-body.ts";
import { deadCredentialChange } from "./dead-credential-status.ts";
import { dockerErrorResponse } from "./docker-error.ts";
import { parseTokenForm, parseTokenQuery } from "./registry-token-request.ts";

type Parsed = Result<RegistryTokenRequest, Rejection<RegistryTokenReason>>;

/** `GET /v2/auth`: Docker token authentication. */
export function registryTokenRoute(deps: AppDeps): Handler<AppEnv> {
  return async (c) => {
    const query = new URL(c.req.url).searchParams;
    return answer(deps, c, parseTokenQuery(query, c.req.header("authorization")), query.get("client_id"));
  };
}

/** `POST /v2/auth`: the same in the form of OAuth 2, as containerd and buildkit ask. */
export function registryTokenFormRoute(deps: AppDeps): Handler<AppEnv> {
  return async (c) => {
    const form = await readForm(c);
    if (!form.ok) {
      const status = FORM_PROBLEM_STATUS[form.error];
      return dockerErrorResponse(c, rejection("request_malformed", form.error), { status });
    }
    return answer(deps, c, parseTokenForm(form.value), form.value.get("client_id"));
  };
}

async function answer(
  deps: AppDeps,
  c: Context<AppEnv>,
  request: Parsed,
  clientId: string | null,
): Promise<Response> {
  if (!request.ok) {
    deps.metrics.registryToken(request.error.reason, undefined);
    return dockerErrorResponse(c, request.error);
  }
  const { service, login } = request.value;
  c.set("outcome", { registry: loggedService(service), anonymous: login === undefined });
  const issued = await issueRegistryToken(deps, request.value, requestContext(c));
  countIssue(deps, issued, service);
  if (!issued.ok) {
    const change = deadCredentialChange(issued.error.reason, c.req.header("user-agent") ?? "", clientId);
    return dockerErrorResponse(c, issued.error, change);
  }
  const { token, expiresIn, actor, stale } = issued.value;
  c.set("outcome", { ...c.get("outcome"), actor, stale });
  // No refresh_token, or docker drops the password; no issued_at, or a client's wrong clock ends the token.
  return c.json({ token, access_token: token, expires_in: expiresIn });
}

/** Reasons for which a registry of the asked name need not be there. */
const BEFORE_THE_REGISTRY: ReadonlySet<RegistryTokenReason> = new Set([
  "service_unknown",
  "store_unavailable",
]);

/** A registry token in the metrics. The service is a label only where a registered one has it. */
function countIssue(
  { metrics }: Pick<AppDeps, "metrics">,
  issued: Result<IssuedRegistryToken, Rejection<RegistryTokenReason>>,
  service: string,
): void {
  if (issued.ok) {
    metrics.registryToken(issued.value.stale ? "granted_stale" : "granted", service);
  } else {
    const { reason } = issued.error;
    metrics.registryToken(reason, BEFORE_THE_REGISTRY.has(reason) ? undefined : service);
  }
}

/** A service as it was asked for, which nobody may have registered: people paste secrets into the wrong field. */
function loggedService(service: string): string {
  return /br[cpa]_|eyJ/.test(service) ? "(a secret)" : service.slice(0, 255);
}
