import type { Context, MiddlewareHandler } from "hono";
import { type Rejection, rateLimited } from "../../domain/rejection.ts";
import type { AppDeps, AppEnv } from "../deps.ts";
import { isLoopback, networkOf } from "./client-network.ts";

/** The answer in the form of the routes that stand behind the limit. */
type Refuse = (c: Context<AppEnv>, refused: Rejection<"rate_limited">) => Response;

/**
 * The limit by address, before a body is read or a signature verified: it bounds what strangers can make Berth work.
 * All routes that have it share one bucket of an address. A request without an address (in-process), and one of this
 * machine itself, is not limited (docs/decisions/0013).
 */
export function limitByAddress(
  { addressLimit, metrics }: Pick<AppDeps, "addressLimit" | "metrics">,
  refuse: Refuse,
): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const address = c.get("clientAddress");
    if (addressLimit === undefined || address === undefined || isLoopback(address)) return next();
    const seconds = addressLimit.take(networkOf(address));
    if (seconds === 0) return next();
    metrics.limited();
    return refuse(c, rateLimited(seconds));
  };
}
