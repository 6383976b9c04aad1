import { randomUUID } from "node:crypto";
import type { Hono } from "hono";
import { jsonLines, type Log } from "../adapters/log/json-lines.ts";
import type { PrometheusMetrics } from "../adapters/metrics/prometheus.ts";
import { systemClock } from "../adapters/runtime/system-clock.ts";
import type { Settings } from "../config/settings.ts";
import type { AppEnv } from "../http/deps.ts";
import { openKeys } from "../usecases/upkeep/open-keys.ts";
import { applyFile } from "./apply-file.ts";
import { openAuditedStores } from "./audit-file.ts";
import { bootstrapFromSettings } from "./bootstrap.ts";
import { startCollector } from "./collector.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { refuseHalfRestored } from "./half-restored.ts";
import { keyDeps } from "./key-deps.ts";
import { createNodeApp } from "./node-app.ts";
import type { Stores } from "./stores.ts";
import { openTelemetry } from "./telemetry.ts";

/** Berth on Node, its stores open and its declaration applied, and not yet listening. */
export interface Service {
  readonly app: Hono<AppEnv>;
  readonly log: Log;
  readonly storeName: Stores["name"];
  /** Where `BERTH_METRICS_LISTEN` is set. */
  readonly prometheus: PrometheusMetrics | undefined;
  /** Writes what is buffered, and closes the stores. */
  close(): Promise<void>;
}

/** Opens the stores, the keys and the declaration file, in that order, and builds the app on them. */
export async function compose(settings: Settings, write: (line: string) => void): Promise<Service> {
  const log = jsonLines(settings.logLevel, write, systemClock.now);
  const { stores, auditSink } = await openAuditedStores(settings, write, log);
  try {
    for (const warning of stores.warnings) log("warn", "store", { warning });
    await refuseHalfRestored(stores);
    const keys = await prepareKeys(settings, stores, log);
    await applyFile(settings, stores.directory, log);
    await bootstrapFromSettings(settings, stores, log);
    const telemetry = openTelemetry(settings, stores, auditSink, log);
    const { directory, ledger, metrics, prometheus, trail, auditLoss, reportKeyEvent } = telemetry;
    const app = createNodeApp(settings, stores, keys, {
      directory,
      ledger,
      metrics,
      trail,
      auditLoss,
      reportKeyEvent,
      log,
    });
    const collector = startCollector(
      { ...stores, clock: systemClock, log, metrics },
      settings.collectSeconds,
    );
    return {
      app,
      log,
      storeName: stores.name,
      prometheus,
      close: async () => {
        await collector.stop();
        await telemetry.close();
        await auditSink?.close();
        stores.close();
      },
    };
  } catch (fault) {
    await auditSink?.close();
    stores.close();
    throw fault;
  }
}

/** Before the declaration: a store that has records and no CA has lost it, and must not get another in silence. */
async function prepareKeys(settings: Settings, stores: Stores, log: Log) {
  const deps = keyDeps(settings, stores);
  const opened = await openKeys(deps, randomUUID());
  if (!opened.ok) throw new ConfigurationError(opened.error);
  if (opened.value.newCa) log("info", "new CA", { key: opened.value.ca.name });
  return deps;
}
