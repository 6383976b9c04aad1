import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../deps.ts";

/**
 * RFC 6749 §5.1: an answer that may hold a secret is kept by nobody. A route with a public answer says so itself.
 * Written into the answer's own headers: `c.header` would make a new answer of it, its body a stream.
 */
export const noStore: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next();
  const { headers } = c.res;
  if (!headers.has("Cache-Control")) {
    headers.set("Cache-Control", "no-store");
    headers.set("Pragma", "no-cache");
  }
  headers.set("X-Content-Type-Options", "nosniff");
};
