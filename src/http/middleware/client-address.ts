import type { MiddlewareHandler } from "hono";
import type { AppDeps, AppEnv } from "../deps.ts";

/**
 * The client's address: the connection's own, or, from a trusted proxy, the last entry of X-Forwarded-For that
 * is not a trusted proxy itself. Anything further left is the client's word.
 */
export function clientAddress(
  deps: Pick<AppDeps, "peerAddress" | "isTrustedProxy">,
): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    c.set("clientAddress", findClient(deps, deps.peerAddress(c.env), c.req.header("x-forwarded-for")));
    await next();
  };
}

function findClient(
  deps: Pick<AppDeps, "isTrustedProxy">,
  peer: string | undefined,
  forwarded: string | undefined,
): string | undefined {
  if (peer === undefined || !forwarded || !deps.isTrustedProxy(peer)) return peer;
  const hops = forwarded.split(",").map((hop) => hop.trim());
  return hops.findLast((hop) => !deps.isTrustedProxy(hop)) ?? peer;
}
