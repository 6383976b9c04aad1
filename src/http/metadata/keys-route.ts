import type { Handler } from "hono";
import type { AppDeps, AppEnv } from "../deps.ts";

/** A minute: shorter than any rotation, long enough for a fleet that fetches at each start. */
const CACHE_CONTROL = "public, max-age=60";

/** `GET /.well-known/jwks.json`: the keys of registries that verify by key id. */
export function jwksRoute(deps: Pick<AppDeps, "keys">): Handler<AppEnv> {
  return async (c) => c.json(await deps.keys.jwks(), 200, { "Cache-Control": CACHE_CONTROL });
}

/** `GET /keys/ca.pem`: the `rootcertbundle` of a distribution registry. */
export function caRoute(deps: Pick<AppDeps, "keys">): Handler<AppEnv> {
  return async (c) =>
    c.body(await deps.keys.caPem(), 200, {
      "Content-Type": "application/x-pem-file",
      "Cache-Control": CACHE_CONTROL,
    });
}
