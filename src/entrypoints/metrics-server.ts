import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { ListenAddress } from "../config/setting-values.ts";
import { listen } from "./listen.ts";

/** What is asked for the numbers. */
interface MetricsText {
  readonly contentType: string;
  text(): Promise<string>;
}

export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves `GET /metrics`, and nothing else, on a port of its own: the numbers are for those who run Berth, and have no
 * access control but who reaches the port. Throws ConfigurationError when the address cannot be had.
 *
 * @param failed Called with a fault of the numbers themselves, for the log; the answer is then 500 without a word.
 */
export async function startMetricsServer(
  metrics: MetricsText,
  address: ListenAddress,
  failed: (fault: unknown) => void,
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    answer(metrics, request, response).catch((fault: unknown) => {
      failed(fault);
      end(response, 500);
    });
  });
  const port = await listen(server, address, "BERTH_METRICS_LISTEN");
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  metrics: MetricsText,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.url?.split("?")[0] !== "/metrics") return end(response, 404);
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    return end(response, 405);
  }
  const text = await metrics.text();
  response.setHeader("Content-Type", metrics.contentType);
  response.end(text);
}

function end(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.end();
}
