import type { Handler } from "hono";
import { UnavailableError } from "../../usecases/ports.ts";
import type { AppDeps, AppEnv } from "../deps.ts";

/** `GET /healthz`: the process answers. A restart would not help a store that is down, so that is not asked here. */
export function healthRoute(): Handler<AppEnv> {
  return (c) => c.json({ status: "ok" });
}

/** `GET /readyz`: both stores answer, so that an exchange could be made. */
export function readinessRoute(deps: Pick<AppDeps, "directory" | "ledger">): Handler<AppEnv> {
  return async (c) => {
    try {
      await Promise.all([deps.directory.ping(), deps.ledger.ping()]);
      return c.json({ status: "ok" });
    } catch (fault) {
      if (!(fault instanceof UnavailableError)) throw fault;
      return c.json({ status: "unavailable" }, 503);
    }
  };
}
