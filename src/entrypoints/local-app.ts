import { jsonLines } from "../adapters/log/json-lines.ts";
import { systemClock } from "../adapters/runtime/system-clock.ts";
import type { Settings } from "../config/settings.ts";
import { HOST_OPERATOR } from "../domain/accounts/caller.ts";
import { noMetrics } from "../usecases/metrics.ts";
import { openAuditedStores } from "./audit-file.ts";
import { refuseHalfRestored } from "./half-restored.ts";
import { keyDeps } from "./key-deps.ts";
import { createNodeApp } from "./node-app.ts";

/** The environment of a request that is the operator's own: this very object, which nothing of the network can be. */
const OPERATOR = Object.freeze({});

/** Berth's app in this very process, on the store that the settings name. */
export interface LocalApp {
  /** Answers as a server does, to the operator of the host: who can read the store's file needs no token. */
  fetch(request: Request): Promise<Response>;
  close(): Promise<void>;
}

/**
 * Opens the stores and nothing else: no key is made, no declaration applied, no job started. What is logged of
 * requests is their faults, on standard error; `BERTH_AUDIT_FILE` gets the events as it does from a server.
 */
export async function openLocalApp(settings: Settings): Promise<LocalApp> {
  const write = (line: string) => void process.stderr.write(line);
  const log = jsonLines("warn", write, systemClock.now);
  const { stores, auditSink } = await openAuditedStores(settings, write, log);
  const close = async () => {
    await auditSink?.close();
    stores.close();
  };
  try {
    await refuseHalfRestored(stores);
    const app = createNodeApp(settings, stores, keyDeps(settings, stores), {
      directory: stores.directory,
      ledger: stores.ledger,
      metrics: noMetrics,
      // Exchanges and registry tokens, which would write to it, are asked for over the network alone.
      trail: { add: () => undefined },
      auditLoss: () => ({ events: 0, ...(auditSink === undefined ? {} : { sinkLines: auditSink.lost }) }),
      reportKeyEvent: () => undefined,
      log,
      localCaller: (env) => (env === OPERATOR ? HOST_OPERATOR : undefined),
    });
    return { fetch: async (request) => app.fetch(request, OPERATOR), close };
  } catch (fault) {
    await close();
    throw fault;
  }
}
