import { type Context, Hono } from "hono";
import type { AppDeps, AppEnv } from "../deps.ts";
import { authenticate } from "./bearer-auth.ts";
import { frameErrorResponse } from "./management-error.ts";
import type { ManagementRoute } from "./route-definition.ts";
import { MANAGEMENT_ROUTES } from "./route-table.ts";

/** The management API, to be mounted at `/api/v1`: the route table, and one shape for every refusal. */
export function managementApp(deps: AppDeps): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  const authenticated = authenticate(deps);
  for (const [pattern, routes] of patternsOf(MANAGEMENT_ROUTES)) {
    for (const route of routes) {
      app.on([route.method.toUpperCase()], [pattern], authenticated, (c) => route.answer(deps, c));
    }
    app.all(pattern, methodRefused(deps, routes));
  }
  app.onError((fault, c) => {
    deps.log("error", "fault", { request_id: c.get("requestId"), fault: fault.stack ?? fault.message });
    return frameErrorResponse(c, deps.publicUrl, 500, "server_error", "A fault of Berth's own.");
  });
  return app;
}

/** The answer below `/api/v1` where no route is. */
export function noSuchPath(c: Context<AppEnv>, publicUrl: string): Response {
  return frameErrorResponse(c, publicUrl, 404, "not_found", "There is no such path.");
}

/**
 * A path as Hono writes it. `{repository}` takes slashes; a path of Quay's that ends in a slash is served without
 * it too, since Quay sends such clients there.
 */
function honoPaths(path: string): readonly string[] {
  const pattern = path.replaceAll(/\{(\w+)\}/g, (_, name) =>
    name === "repository" ? ":repository{.+}" : `:${name}`,
  );
  return pattern.endsWith("/") ? [pattern, pattern.slice(0, -1)] : [pattern];
}

/** Routes by their pattern: a word before a parameter in its place, so that `self` is no token's id. */
function patternsOf(
  routes: readonly ManagementRoute[],
): readonly (readonly [string, readonly ManagementRoute[]])[] {
  const placed = routes.flatMap((route) => honoPaths(route.path).map((pattern) => ({ pattern, route })));
  const groups = [...Map.groupBy(placed, ({ pattern }) => pattern)].map(
    ([pattern, members]) => [pattern, members.map(({ route }) => route)] as const,
  );
  // A colon comes before every letter.
  return groups.sort(([left], [right]) => (left < right ? 1 : -1));
}

function methodRefused(deps: AppDeps, routes: readonly ManagementRoute[]) {
  const methods = routes.map(({ method }) => method.toUpperCase());
  // Hono answers HEAD by GET, which changes nothing here.
  const allowed = methods.includes("GET") ? [...methods, "HEAD"] : methods;
  return (c: Context<AppEnv>) => {
    c.header("Allow", allowed.join(", "));
    const sentence = `This path takes ${allowed.join(", ")}.`;
    return frameErrorResponse(c, deps.publicUrl, 405, "method_not_allowed", sentence);
  };
}
