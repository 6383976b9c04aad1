import type { Handler } from "hono";
import { UnavailableError } from "../../usecases/ports.ts";
import type { AppDeps, AppEnv, AuditLoss } from "../deps.ts";

/** `GET /healthz`: the process answers. A restart would not help a store that is down, so that is not asked here. */
export function healthRoute(): Handler<AppEnv> {
  return (c) => c.json({ status: "ok" });
}

/**
 * `GET /readyz`: both stores answer, so that an exchange could be made, and this server is not about to stop. What the audit record has lost is shown, and
 * does not count: another instance would lose as much, and none at all would serve.
 */
export function readinessRoute(
  deps: Pick<AppDeps, "directory" | "ledger" | "auditLoss" | "isStopping">,
): Handler<AppEnv> {
  return async (c) => {
    if (deps.isStopping?.()) return c.json({ status: "stopping", ...auditState(deps.auditLoss()) }, 503);
    try {
      await Promise.all([deps.directory.ping(), deps.ledger.ping()]);
      return c.json({ status: "ok", ...auditState(deps.auditLoss()) });
    } catch (fault) {
      if (!(fault instanceof UnavailableError)) throw fault;
      return c.json({ status: "unavailable", ...auditState(deps.auditLoss()) }, 503);
    }
  };
}

function auditState({ events, sinkLines }: AuditLoss) {
  return {
    audit_events_lost: events,
    ...(sinkLines === undefined ? {} : { audit_sink: sinkLines === 0 ? "ok" : "lost" }),
  };
}
