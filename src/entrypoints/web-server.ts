import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { createServer as createHttpsServer, type Server as HttpsServer } from "node:https";
import { getRequestListener } from "@hono/node-server";
import { readCertificate, watchCertificate } from "../adapters/tls/certificate-files.ts";
import type { Settings } from "../config/settings.ts";
import type { Service } from "./compose.ts";

/** How long a connection may take over its headers, and over a whole request. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** How often Node looks whether one of these is over. */
const TIMEOUT_CHECK_MS = 5000;
/** Longer than the idle time of common load balancers, which would otherwise reuse a connection that just closed. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

export interface WebServer {
  readonly server: HttpServer | HttpsServer;
  /** Ends the watch on the certificate's files. */
  endWatch(): void;
}

/** The app behind Node's own server, by TLS where the settings have a certificate. Does not listen yet. */
export function createWebServer(settings: Settings, { app, log }: Pick<Service, "app" | "log">): WebServer {
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
