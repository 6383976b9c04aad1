import type { Context, Handler } from "hono";
import { isRobotName, namespaceOfRobot } from "../../domain/access/names.ts";
import { type Caller, isSuperUser, mayAct } from "../../domain/accounts/caller.ts";
import { type Rejection, rejection } from "../../domain/rejection.ts";
import { type Introspection, introspectToken } from "../../usecases/management/introspect-token.ts";
import type { AppDeps, AppEnv } from "../deps.ts";
import { readForm } from "../form-body.ts";
import { type CallerFault, findCaller } from "../management/bearer-auth.ts";
import { formProblemResponse } from "./form-problem.ts";
import { INTROSPECTION_ERRORS, type IntrospectionReason, oauthErrorResponse } from "./oauth-error.ts";

/**
 * `POST /oauth2/introspect`: RFC 7662, for API tokens with `tokens:introspect`. The caller before the body, so that
 * nobody else learns what a stolen secret is good for, or has one looked up.
 */
export function introspectionRoute(deps: AppDeps): Handler<AppEnv> {
  return async (c) => {
    const found = await findCaller(deps, c);
    if (!found.ok) return callerRefused(c, found.error);
    const caller = found.value;
    c.set("outcome", { ...c.get("outcome"), actor: caller.actor });
    if (!isSuperUser(caller) && !caller.scopes.includes("tokens:introspect")) return insufficientScope(c);
    const form = await readForm(c);
    if (!form.ok) return formProblemResponse(c, form.error);
    return answer(deps, c, caller, form.value.getAll("token"));
  };
}

async function answer(
  deps: AppDeps,
  c: Context<AppEnv>,
  caller: Caller,
  [token, ...others]: readonly string[],
): Promise<Response> {
  if (!token || others.length > 0) return refused(c, rejection("request_malformed"));
  const introspected = await introspectToken(deps, token);
  return introspected.ok ? c.json(shownTo(caller, introspected.value)) : refused(c, introspected.error);
}

function refused(c: Context<AppEnv>, why: Rejection<IntrospectionReason>): Response {
  return oauthErrorResponse(c, INTROSPECTION_ERRORS, why);
}

function callerRefused(c: Context<AppEnv>, { rejected, challenge }: CallerFault): Response {
  if (challenge !== undefined) c.header("WWW-Authenticate", challenge);
  return refused(c, rejected);
}

/** RFC 6750 §3.1: the scope that is needed stands in the challenge. */
function insufficientScope(c: Context<AppEnv>): Response {
  c.header("WWW-Authenticate", 'Bearer realm="berth", error="insufficient_scope", scope="tokens:introspect"');
  return refused(c, rejection("insufficient_scope"));
}

/**
 * RFC 7662 §2.2: a token that the caller may not ask about is inactive to them. Bound to namespaces, they may ask
 * about the robots of these, and not about API tokens, which people hold for several.
 */
function shownTo(caller: Caller, introspection: Introspection): Introspection {
  if (!introspection.active) return introspection;
  const { sub } = introspection;
  const namespace = isRobotName(sub) ? namespaceOfRobot(sub) : undefined;
  return mayAct(caller, ["tokens:introspect"], namespace) ? introspection : { active: false };
}
