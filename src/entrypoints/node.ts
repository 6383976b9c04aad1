import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { createServer as createHttpsServer, type Server as HttpsServer } from "node:https";
import { getRequestListener } from "@hono/node-server";
import { readCertificate, watchCertificate } from "../adapters/tls/certificate-files.ts";
import type { Settings } from "../config/settings.ts";
import { compose, type Service } from "./compose.ts";
import { prepareDrain } from "./drain.ts";
import { listen } from "./listen.ts";
import { type MetricsServer, startMetricsServer } from "./metrics-server.ts";
import { type Environment, readSettings } from "./read-settings.ts";

/** A server that listens. */
export interface RunningServer {
  readonly port: number;
  /** Takes no more connections, ends those that are idle, lets the others finish, closes the stores. */
  close(): Promise<void>;
}

/** How long a connection may take over its headers, and over a whole request. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** How often Node looks whether one of these is over. */
const TIMEOUT_CHECK_MS = 5000;
/** Longer than the idle time of common load balancers, which would otherwise reuse a connection that just closed. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/**
 * Reads the settings, opens the stores, serves. Throws ConfigurationError with every problem of the settings, the
 * declaration file, the keys or the store, before anything listens.
 */
export async function startServer(
  environment: Environment,
  write: (line: string) => void,
): Promise<RunningServer> {
  const settings = readSettings(environment);
  const service = await compose(settings, write);
  try {
    const { server, endWatch } = createServer(settings, service);
    const drain = prepareDrain(server);
    const metrics = await serveMetrics(settings, service);
    const port = await listenBeside(metrics, server, settings);
    service.log("info", "listening", { url: settings.publicUrl, port, store: service.storeName });
    return {
      port,
      close: async () => {
        endWatch();
        await drain();
        await metrics?.close();
        await service.close();
      },
    };
  } catch (fault) {
    await service.close();
    throw fault;
  }
}

function createServer(settings: Settings, { app, log }: Service) {
  // Where a request has no Host (HTTP/1.0, as old health checks send it), the public URL's stands in.
  const listener = getRequestListener(app.fetch, { hostname: new URL(settings.publicUrl).host });
  const options = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    connectionsCheckingInterval: TIMEOUT_CHECK_MS,
  };
  if (settings.tls === undefined) {
    return { server: createHttpServer(options, listener), endWatch: () => undefined };
  }
  const certificate = readCertificate(settings.tls);
  const server = createHttpsServer({ ...options, ...certificate }, listener);
  const endWatch = watchCertificate(
    settings.tls,
    certificate,
    (pair) => {
      server.setSecureContext(pair);
      log("info", "certificate reloaded", {});
    },
    () => log("warn", "certificate not reloaded: the files cannot be read or do not fit", {}),
  );
  return { server, endWatch };
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
  server: HttpServer | HttpsServer,
  settings: Settings,
): Promise<number> {
  try {
    return await listen(server, settings.listen, "BERTH_LISTEN");
  } catch (fault) {
    await metrics?.close();
    throw fault;
  }
}
