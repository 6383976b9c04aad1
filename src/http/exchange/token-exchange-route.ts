import type { Handler } from "hono";
import type { Credential } from "../../domain/accounts/credential.ts";
import { exchangeIdentityToken } from "../../usecases/exchange/exchange-identity-token.ts";
import { requestContext } from "../context.ts";
import type { AppDeps, AppEnv } from "../deps.ts";
import { readForm } from "../form-body.ts";
import { countExchange, noteExchange } from "./exchange-log.ts";
import { formProblemResponse } from "./form-problem.ts";
import { OAUTH_ERRORS, oauthErrorResponse } from "./oauth-error.ts";
import {
  ACCESS_TOKEN_TYPE,
  CREDENTIAL_TOKEN_TYPE,
  parseTokenExchangeRequest,
} from "./token-exchange-request.ts";

/** `POST /oauth2/token`: RFC 8693. */
export function tokenExchangeRoute(deps: AppDeps): Handler<AppEnv> {
  return async (c) => {
    const form = await readForm(c);
    if (!form.ok) return formProblemResponse(c, form.error);
    const request = parseTokenExchangeRequest(form.value);
    if (!request.ok) {
      const { reason, detail } = request.error;
      deps.metrics.exchange(reason, undefined);
      return oauthErrorResponse(
        c,
        OAUTH_ERRORS,
        request.error,
        detail === undefined ? {} : { description: `${detail}.` },
      );
    }
    const exchanged = await exchangeIdentityToken(deps, request.value, requestContext(c));
    countExchange(deps, exchanged);
    if (!exchanged.ok) return oauthErrorResponse(c, OAUTH_ERRORS, exchanged.error);
    const { credential, record, scope } = exchanged.value;
    noteExchange(c, record);
    return c.json({
      access_token: credential.expose(),
      ...typeOf(record),
      expires_in: record.expiresAt - record.issuedAt,
      scope,
    });
  };
}

function typeOf(record: Credential) {
  if (record.apiScopes !== undefined) {
    return { issued_token_type: ACCESS_TOKEN_TYPE, token_type: "Bearer" };
  }
  // RFC 8693 §2.2.1: not a token that a resource server takes as such, but a password beside this user name.
  return { issued_token_type: CREDENTIAL_TOKEN_TYPE, token_type: "N_A", username: record.robot };
}
