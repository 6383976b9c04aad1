import type { Handler } from "hono";
import { rejection } from "../../domain/rejection.ts";
import { revokeCredential } from "../../usecases/exchange/revoke-credential.ts";
import { requestContext } from "../context.ts";
import type { AppDeps, AppEnv } from "../deps.ts";
import { readForm } from "../form-body.ts";
import { formProblemResponse } from "./form-problem.ts";
import { oauthErrorResponse, REVOCATION_ERRORS } from "./oauth-error.ts";

/** `POST /oauth2/revoke`: RFC 7009. 200 whether the credential was known or not. */
export function revocationRoute(deps: AppDeps): Handler<AppEnv> {
  return async (c) => {
    const form = await readForm(c);
    if (!form.ok) return formProblemResponse(c, form.error);
    const [token, ...others] = form.value.getAll("token");
    if (!token || others.length > 0)
      return oauthErrorResponse(c, REVOCATION_ERRORS, rejection("request_malformed"));
    const revoked = await revokeCredential(deps, token, requestContext(c));
    return revoked.ok ? c.body(null, 200) : oauthErrorResponse(c, REVOCATION_ERRORS, revoked.error);
  };
}
