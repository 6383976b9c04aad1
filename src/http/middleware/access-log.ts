import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { AppDeps, AppEnv } from "../deps.ts";
import { parseTraceparent } from "./trace-context.ts";

/** One line a request, and its time in the metrics: the route and not the URL, since a query may hold anything. */
export function accessLog(deps: Pick<AppDeps, "log" | "clock" | "metrics">): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const startedAt = deps.clock.now();
    await next();
    const status = c.res.status;
    const route = routePath(c, -1);
    const milliseconds = deps.clock.now() - startedAt;
    deps.metrics.request(route, status, milliseconds);
    deps.log(status >= 500 ? "error" : "info", "request", {
      request_id: c.get("requestId"),
      method: c.req.raw.method,
      route,
      status,
      duration_ms: milliseconds,
      client_address: c.get("clientAddress"),
      ...parseTraceparent(c.req.header("traceparent")),
      ...c.get("outcome"),
    });
  };
}
