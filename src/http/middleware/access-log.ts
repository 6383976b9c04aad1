import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { AppDeps, AppEnv } from "../deps.ts";

/** One line a request: the route and not the URL, since a query may hold anything. */
export function accessLog(deps: Pick<AppDeps, "log" | "clock">): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const startedAt = deps.clock.now();
    await next();
    const status = c.res.status;
    deps.log(status >= 500 ? "error" : "info", "request", {
      request_id: c.get("requestId"),
      method: c.req.raw.method,
      route: routePath(c, -1),
      status,
      duration_ms: deps.clock.now() - startedAt,
      client_address: c.get("clientAddress"),
      ...c.get("outcome"),
    });
  };
}
