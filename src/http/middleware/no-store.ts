import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../deps.ts";

/** RFC 6749 §5.1: an answer that may hold a secret is kept by nobody. A route with a public answer says so itself. */
export const noStore: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next();
  if (!c.res.headers.has("Cache-Control")) {
    c.header("Cache-Control", "no-store");
    c.header("Pragma", "no-cache");
  }
  c.header("X-Content-Type-Options", "nosniff");
};
