import type { Handler } from "hono";
import type { AppDeps, AppEnv } from "../deps.ts";
import { TOKEN_EXCHANGE_GRANT } from "../exchange/token-exchange-request.ts";

/** `GET /.well-known/oauth-authorization-server`: RFC 8414. */
export function authorizationServerRoute(deps: Pick<AppDeps, "publicUrl">): Handler<AppEnv> {
  const { publicUrl } = deps;
  return (c) =>
    c.json({
      issuer: publicUrl,
      token_endpoint: `${publicUrl}/oauth2/token`,
      token_endpoint_auth_methods_supported: ["none"],
      grant_types_supported: [TOKEN_EXCHANGE_GRANT],
      response_types_supported: [],
      revocation_endpoint: `${publicUrl}/oauth2/revoke`,
      revocation_endpoint_auth_methods_supported: ["none"],
      introspection_endpoint: `${publicUrl}/oauth2/introspect`,
      // RFC 8414 §2 takes an access token's type here as well.
      introspection_endpoint_auth_methods_supported: ["Bearer"],
      jwks_uri: `${publicUrl}/.well-known/jwks.json`,
    });
}
