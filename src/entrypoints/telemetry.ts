import type { AuditSink } from "../adapters/audit/audit-sink.ts";
import { BufferedTrail } from "../adapters/audit/buffered-trail.ts";
import { NearMissBuffer } from "../adapters/audit/near-miss-buffer.ts";
import { SampledTrail } from "../adapters/audit/sampled-trail.ts";
import type { Log } from "../adapters/log/json-lines.ts";
import { countFailures } from "../adapters/metrics/counted-failures.ts";
import { PrometheusMetrics } from "../adapters/metrics/prometheus.ts";
import type { KeyEvent } from "../adapters/oidc/key-event.ts";
import { systemClock } from "../adapters/runtime/system-clock.ts";
import type { Settings } from "../config/settings.ts";
import type { AuditLoss } from "../http/deps.ts";
import { keepNearMisses } from "../usecases/management/keep-near-misses.ts";
import { type Metrics, noMetrics } from "../usecases/metrics.ts";
import type { AuditTrail, Directory, Ledger } from "../usecases/ports.ts";
import { logKeyEvent } from "./key-event-log.ts";
import type { Stores } from "./stores.ts";

/** What Berth tells of itself, and the stores with an ear on them. */
export interface Telemetry {
  readonly directory: Directory;
  readonly ledger: Ledger;
  readonly metrics: Metrics;
  /** Absent unless the settings say where the numbers are served. */
  readonly prometheus: PrometheusMetrics | undefined;
  readonly trail: AuditTrail;
  readonly auditLoss: () => AuditLoss;
  readonly reportKeyEvent: (event: KeyEvent) => void;
  /** Writes what the trail has buffered. */
  close(): Promise<void>;
}

export function openTelemetry(
  settings: Settings,
  stores: Stores,
  auditSink: Pick<AuditSink, "lost"> | undefined,
  log: Log,
): Telemetry {
  const prometheus = settings.metricsListen === undefined ? undefined : new PrometheusMetrics();
  const nearMisses = nearMissBuffer(settings, stores, log);
  const buffered = new BufferedTrail(
    stores.ledger,
    (lost) => log("error", "audit events lost", { lost }),
    nearMisses,
  );
  const trail = new SampledTrail(buffered, systemClock);
  prometheus?.observe({
    ...stores,
    clock: systemClock,
    audit: () => ({
      lost: buffered.lost,
      buffered: buffered.buffered,
      sinkLost: auditSink?.lost ?? 0,
      nearMissesLost: nearMisses.lost,
      leftOut: trail.leftOut,
    }),
  });
  return {
    ...countedStores(stores, prometheus),
    metrics: prometheus ?? noMetrics,
    prometheus,
    trail,
    auditLoss: () => ({
      events: buffered.lost,
      ...(auditSink === undefined ? {} : { sinkLines: auditSink.lost }),
    }),
    reportKeyEvent: (event) => {
      logKeyEvent(log, event);
      prometheus?.keyEvent(event);
    },
    close: () => buffered.close(),
  };
}

function countedStores({ directory, ledger }: Stores, prometheus: PrometheusMetrics | undefined) {
  if (prometheus === undefined) return { directory, ledger };
  return {
    directory: countFailures(directory, () => prometheus.storeFailed("directory")),
    ledger: countFailures(ledger, () => prometheus.storeFailed("ledger")),
  };
}

function nearMissBuffer(settings: Settings, { directory, nearMisses }: Stores, log: Log): NearMissBuffer {
  const deps = { directory, nearMisses, clock: systemClock, personal: settings.nearMissPersonal };
  return new NearMissBuffer(
    (candidates) => keepNearMisses(deps, candidates),
    (lost) => log("warn", "near misses lost", { lost }),
  );
}
