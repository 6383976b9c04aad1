import { Hono } from "hono";
import type { AppDeps, AppEnv } from "./deps.ts";
import { introspectionRoute } from "./exchange/introspection-route.ts";
import { OAUTH_ERRORS, oauthErrorResponse } from "./exchange/oauth-error.ts";
import { quayExchangeRoute } from "./exchange/quay-exchange-route.ts";
import { revocationRoute } from "./exchange/revocation-route.ts";
import { tokenExchangeRoute } from "./exchange/token-exchange-route.ts";
import { managementApp, noSuchPath } from "./management/management-app.ts";
import { managementErrorResponse } from "./management/management-error.ts";
import { authorizationServerRoute } from "./metadata/authorization-server-route.ts";
import { docsRoute } from "./metadata/docs-route.ts";
import { healthRoute, readinessRoute } from "./metadata/health-route.ts";
import { caRoute, jwksRoute } from "./metadata/keys-route.ts";
import { openApiRoute } from "./metadata/openapi-route.ts";
import { schemaRoute } from "./metadata/schema-route.ts";
import { accessLog } from "./middleware/access-log.ts";
import { clientAddress } from "./middleware/client-address.ts";
import { methodNotAllowed, refuseHead } from "./middleware/methods.ts";
import { noStore } from "./middleware/no-store.ts";
import { limitByAddress } from "./middleware/rate-limit.ts";
import { requestId } from "./middleware/request-id.ts";
import { parseTraceparent } from "./middleware/trace-context.ts";
import { dockerErrorResponse } from "./registry/docker-error.ts";
import { registryTokenFormRoute, registryTokenRoute } from "./registry/registry-token-route.ts";

/** Every middleware and route, in order. The same object serves on Node and on Workers. */
export function createApp(deps: AppDeps): Hono<AppEnv> {
  const root = new Hono<AppEnv>();
  root.use(requestId(deps), clientAddress(deps), accessLog(deps), noStore);

  const prefix = new URL(deps.publicUrl).pathname;
  const app = root.basePath(prefix);
  app.use(
    "/oauth2/*",
    limitByAddress(deps, (c, refused) => oauthErrorResponse(c, OAUTH_ERRORS, refused)),
  );
  app.post("/oauth2/token", tokenExchangeRoute(deps));
  app.all("/oauth2/token", methodNotAllowed("POST"));
  app.get("/oauth2/federation/robot/token", refuseHead("GET"), quayExchangeRoute(deps));
  app.all("/oauth2/federation/robot/token", methodNotAllowed("GET"));
  app.post("/oauth2/revoke", revocationRoute(deps));
  app.all("/oauth2/revoke", methodNotAllowed("POST"));
  app.post("/oauth2/introspect", introspectionRoute(deps));
  app.all("/oauth2/introspect", methodNotAllowed("POST"));

  // `/auth/token` is where a registry with `autoredirect` sends its clients.
  for (const path of ["/v2/auth", "/auth/token"]) {
    app.use(path, limitByAddress(deps, dockerErrorResponse));
    app.get(path, refuseHead("GET", "POST"), registryTokenRoute(deps));
    app.post(path, registryTokenFormRoute(deps));
    app.all(path, methodNotAllowed("GET", "POST"));
  }

  const management = "/api/v1";
  app.use(
    `${management}/*`,
    limitByAddress(deps, (c, refused) => managementErrorResponse(c, deps.publicUrl, refused)),
  );
  app.route(management, managementApp(deps));

  const metadata = "/.well-known/oauth-authorization-server";
  app.get(metadata, authorizationServerRoute(deps));
  // RFC 8414 §3.1: of an issuer with a path, the path comes last.
  root.get(metadata + prefix.replace(/\/$/, ""), authorizationServerRoute(deps));
  app.get("/.well-known/jwks.json", jwksRoute(deps));
  app.get("/keys/ca.pem", caRoute(deps));
  app.get("/openapi.json", openApiRoute(deps));
  app.get("/docs", docsRoute(deps));
  app.get("/schema/berth.schema.json", schemaRoute());
  // At the root, whatever the prefix: a health check speaks to the process, not to the proxy before it.
  root.get("/healthz", healthRoute());
  root.get("/readyz", readinessRoute(deps));
  for (const path of [
    metadata,
    "/.well-known/jwks.json",
    "/keys/ca.pem",
    "/openapi.json",
    "/docs",
    "/schema/berth.schema.json",
  ]) {
    app.all(path, methodNotAllowed("GET", "HEAD"));
  }
  for (const path of ["/healthz", "/readyz"]) root.all(path, methodNotAllowed("GET", "HEAD"));

  const managed = `${prefix.replace(/\/$/, "")}${management}/`;
  root.notFound((c) =>
    `${c.req.path}/`.startsWith(managed)
      ? noSuchPath(c, deps.publicUrl)
      : c.json({ error: "not_found", request_id: c.get("requestId") }, 404),
  );
  root.onError((fault, c) => {
    deps.log("error", "fault", {
      request_id: c.get("requestId"),
      ...parseTraceparent(c.req.header("traceparent")),
      fault: fault.stack ?? fault.message,
    });
    return c.json({ error: "server_error", request_id: c.get("requestId") }, 500);
  });
  return root;
}
