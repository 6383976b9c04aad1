import type { Handler } from "hono";
import { UnavailableError } from "../../usecases/ports.ts";
import type { AppDeps, AppEnv, AuditLoss } from "../deps.ts";

/** `GET /healthz`: the process answers. A restart would not help a store that is down, so that is not asked here. */
export function healthRoute(): Handler<AppEnv> {
  return (c) => c.json({ status: "ok" });
}

/**
 * `GET /readyz`: both stores take a write, so that an exchange could be made, and this server is not about to stop.
 * What the audit record has lost is shown, and does not count: another instance would lose as much, and none at all
 * would serve.
 */
export function readinessRoute(
  deps: Pick<AppDeps, "directory" | "ledger" | "auditLoss" | "isStopping" | "clock">,
): Handler<AppEnv> {
  const stores = new StoreLook(deps);
  return async (c) => {
    if (deps.isStopping?.()) return c.json({ status: "stopping", ...auditState(deps.auditLoss()) }, 503);
    if (await stores.answer()) return c.json({ status: "ok", ...auditState(deps.auditLoss()) });
    return c.json({ status: "unavailable", ...auditState(deps.auditLoss()) }, 503);
  };
}

/** After so long a look is taken for broken off: whoever began it may be gone. */
const LOOK_MS = 30_000;

/**
 * Looks at the stores, once at a time: health is asked for by anybody, without a limit, and each look is a write that
 * those of exchanges stand behind. Who asks meanwhile is told what came out last. It keeps values and no promise,
 * which on Workers belongs to the request that made it.
 */
class StoreLook {
  readonly #deps: Pick<AppDeps, "directory" | "ledger" | "clock">;
  #last: boolean | undefined;
  #beganAt = Number.NEGATIVE_INFINITY;

  constructor(deps: Pick<AppDeps, "directory" | "ledger" | "clock">) {
    this.#deps = deps;
  }

  async answer(): Promise<boolean> {
    const now = this.#deps.clock.now();
    if (this.#last !== undefined && Math.abs(now - this.#beganAt) < LOOK_MS) return this.#last;
    this.#beganAt = now;
    this.#last = await this.#look();
    this.#beganAt = Number.NEGATIVE_INFINITY;
    return this.#last;
  }

  async #look(): Promise<boolean> {
    try {
      await Promise.all([this.#deps.directory.ping(), this.#deps.ledger.ping()]);
      return true;
    } catch (fault) {
      if (fault instanceof UnavailableError) return false;
      this.#beganAt = Number.NEGATIVE_INFINITY;
      throw fault;
    }
  }
}

function auditState({ events, sinkLines }: AuditLoss) {
  return {
    audit_events_lost: events,
    ...(sinkLines === undefined ? {} : { audit_sink: sinkLines === 0 ? "ok" : "lost" }),
  };
}
