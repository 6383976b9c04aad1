import type { Context, Handler } from "hono";
import { isRobotName } from "../../domain/access/names.ts";
import { MAX_IDENTITY_TOKEN_BYTES_IN_HEADER } from "../../domain/identity/identity-token.ts";
import { rejection } from "../../domain/rejection.ts";
import { exchangeIdentityToken } from "../../usecases/exchange/exchange-identity-token.ts";
import { parseBasicAuth } from "../basic-auth.ts";
import { requestContext } from "../context.ts";
import type { AppDeps, AppEnv } from "../deps.ts";
import { countExchange, noteExchange } from "./exchange-log.ts";
import { noteRefusal, OAUTH_ERRORS, oauthErrorResponse } from "./oauth-error.ts";

/** `GET /oauth2/federation/robot/token`, Basic `robot:identity token`: the exchange as Quay's clients ask for it. */
export function quayExchangeRoute(deps: AppDeps): Handler<AppEnv> {
  return async (c) => {
    const basic = parseBasicAuth(c.req.header("authorization"));
    if (basic === undefined) return unauthenticated(c, "No auth header");
    if (basic === "malformed") return unauthenticated(c, "Invalid basic auth header");
    if (!isRobotName(basic.username)) return unauthenticated(c, "Invalid robot");
    const exchanged = await exchangeIdentityToken(
      deps,
      {
        subjectToken: basic.password,
        maxTokenBytes: MAX_IDENTITY_TOKEN_BYTES_IN_HEADER,
        robot: basic.username,
        scopes: [],
        // Of a rule that grants API scopes this is `scope_not_granted`: the rule did match, so `no_match` would hide
        // nothing from who asks, and send them looking for a fault in the rule.
        registryOnly: true,
      },
      requestContext(c),
    );
    countExchange(deps, exchanged);
    if (!exchanged.ok) return oauthErrorResponse(c, OAUTH_ERRORS, exchanged.error);
    const { credential, record } = exchanged.value;
    noteExchange(c, record);
    return c.json({ token: credential.expose(), expires_in: record.expiresAt - record.issuedAt });
  };
}

function unauthenticated(c: Context<AppEnv>, error: string): Response {
  noteRefusal(c, rejection("request_malformed", error));
  c.header("WWW-Authenticate", 'Basic realm="Berth", charset="UTF-8"');
  return c.json({ error, reason: "request_malformed", request_id: c.get("requestId") }, 401);
}
