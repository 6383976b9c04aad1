import type { Handler, MiddlewareHandler } from "hono";
import type { AppEnv } from "../deps.ts";

/** Hono answers HEAD by running GET's handler, which on these routes would use a token up and show nobody the result. */
export function refuseHead(...allowed: readonly string[]): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (c.req.raw.method !== "HEAD") return next();
    c.header("Allow", allowed.join(", "));
    return c.body(null, 405);
  };
}

/** A known path asked in another way. */
export function methodNotAllowed(...allowed: readonly string[]): Handler<AppEnv> {
  return (c) => {
    c.header("Allow", allowed.join(", "));
    return c.json({ error: "method_not_allowed", request_id: c.get("requestId") }, 405);
  };
}
