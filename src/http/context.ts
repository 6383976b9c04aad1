import type { Context } from "hono";
import type { RequestContext } from "../domain/audit-event.ts";
import type { AppEnv } from "./deps.ts";

/** Who asks, for the audit record. */
export function requestContext(c: Context<AppEnv>): RequestContext {
  const clientAddress = c.get("clientAddress");
  return { requestId: c.get("requestId"), ...(clientAddress === undefined ? {} : { clientAddress }) };
}
