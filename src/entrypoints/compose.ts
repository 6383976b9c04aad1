import type { Hono } from "hono";
import { jsonLines, type Log } from "../adapters/log/json-lines.ts";
import type { PrometheusMetrics } from "../adapters/metrics/prometheus.ts";
import { systemClock } from "../adapters/runtime/system-clock.ts";
import type { Settings } from "../config/settings.ts";
import type { AppEnv } from "../http/deps.ts";
import { applyFile } from "./apply-file.ts";
import { openAuditedStores } from "./audit-file.ts";
import { bootstrapFromSettings } from "./bootstrap.ts";
import { startCollector } from "./collector.ts";
import { refuseHalfRestored } from "./half-restored.ts";
import { createNodeApp } from "./node-app.ts";
import { prepareKeys } from "./prepare-keys.ts";
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

/**
 * Opens the stores, the keys and the declaration file, in that order, and builds the app on them.
 *
 * @param isStopping What `/readyz` goes by.
 */
export async function compose(
  settings: Settings,
  write: (line: string) => void,
  isStopping: () => boolean,
): Promise<Service> {
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
      metricsText: prometheus && (() => prometheus.text()),
      trail,
      auditLoss,
      reportKeyEvent,
      log,
      isStopping,
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
