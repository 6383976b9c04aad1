import { setTimeout as wait } from "node:timers/promises";
import type { PrometheusMetrics } from "../adapters/metrics/prometheus.ts";
import type { Settings } from "../config/settings.ts";
import { compose, type Service } from "./compose.ts";
import { prepareDrain } from "./drain.ts";
import { listen } from "./listen.ts";
import { type MetricsServer, startMetricsServer } from "./metrics-server.ts";
import { type Environment, readSettings } from "./read-settings.ts";
import { createWebServer, type WebServer } from "./web-server.ts";

/**
 * `stop`: `/readyz` says so at once, and load balancers have `BERTH_DRAIN_SECONDS` to leave. `replaced`: another process
 * takes connections at the same port, so this one only has its clients come back to that.
 */
export type EndOfServer = "stop" | "replaced";

/** A server that listens. */
export interface RunningServer {
  readonly port: number;
  /** Where `BERTH_METRICS_LISTEN` is set. */
  readonly prometheus: PrometheusMetrics | undefined;
  /** Has its clients leave, takes no more connections, ends those that are idle, lets the others finish, closes the stores. */
  close(how?: EndOfServer): Promise<void>;
}

/** Who shows the numbers: this server, or its parent for all of its kind. */
export type MetricsHost = "self" | "parent";

/** In which clients that keep connections send one more request, and are told to come back on another. */
const LEAST_HANDOVER_MS = 1000;

/**
 * Reads the settings, opens the stores, serves. Throws ConfigurationError with every problem of the settings, the
 * declaration file, the keys or the store, before anything listens.
 */
export async function startServer(
  environment: Environment,
  write: (line: string) => void,
  metricsHost: MetricsHost = "self",
): Promise<RunningServer> {
  const settings = readSettings(environment);
  let stopping = false;
  const service = await compose(settings, write, () => stopping);
  try {
    const { server, endWatch } = createWebServer(settings, service);
    const drain = prepareDrain(server);
    const metrics = metricsHost === "self" ? await serveMetrics(settings, service) : undefined;
    const port = await listenBeside(metrics, server, settings);
    service.log("info", "listening", { url: settings.publicUrl, port, store: service.storeName });
    return {
      port,
      prometheus: service.prometheus,
      close: async (how = "stop") => {
        const drainMs = settings.drainSeconds * 1000;
        stopping = how === "stop";
        drain.begin();
        await wait(stopping ? drainMs : Math.max(drainMs, LEAST_HANDOVER_MS));
        endWatch();
        await drain.end();
        await metrics?.close();
        await service.close();
      },
    };
  } catch (fault) {
    await service.close();
    throw fault;
  }
}

/** Where the settings name an address for it. Its port is in the log: with port 0 nobody else would know. */
async function serveMetrics(
  settings: Settings,
  { prometheus, log }: Service,
): Promise<MetricsServer | undefined> {
  if (prometheus === undefined || settings.metricsListen === undefined) return undefined;
  const server = await startMetricsServer(prometheus, settings.metricsListen, (fault) =>
    log("error", "fault", { fault: String(fault) }),
  );
  log("info", "metrics", { port: server.port });
  return server;
}

/** A server that cannot listen takes the one beside it along, or the process would not end. */
async function listenBeside(
  metrics: MetricsServer | undefined,
  server: WebServer["server"],
  settings: Settings,
): Promise<number> {
  try {
    return await listen(server, settings.listen, "BERTH_LISTEN");
  } catch (fault) {
    await metrics?.close();
    throw fault;
  }
}
