import type { MiddlewareHandler } from "hono";
import { encodeBase64url } from "../../domain/identity/base64url.ts";
import type { AppDeps, AppEnv } from "../deps.ts";

/** A name for the request, in its answer, its log line and its audit events. Never the client's: it could be another's. */
export function requestId(deps: Pick<AppDeps, "random">): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const id = encodeBase64url(deps.random(12));
    c.set("requestId", id);
    c.header("X-Request-Id", id);
    await next();
  };
}
