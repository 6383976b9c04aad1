import type { Server as HttpServer, ServerResponse } from "node:http";
import type { Server as HttpsServer } from "node:https";

/** How long requests under way may take to end at a stop. */
const DRAIN_MS = 10_000;

/**
 * Prepares `server`, before it listens, to end without cutting a request off. What is returned takes no more
 * connections, ends the idle ones, and resolves when the others have had their answer, in ten seconds at the most.
 *
 * Each answer from then on says `Connection: close` (RFC 9112 §9.6): a client that keeps its connection would send
 * the next request into the end, and hold up the stop until then.
 */
export function prepareDrain(server: HttpServer | HttpsServer): () => Promise<void> {
  const underWay = new Set<ServerResponse>();
  let draining = false;
  server.prependListener("request", (_, response) => {
    underWay.add(response);
    response.once("close", () => underWay.delete(response));
    if (draining) closeAfter(response);
  });
  return () => {
    draining = true;
    for (const response of underWay) closeAfter(response);
    return new Promise((resolve) => {
      const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      server.close(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  };
}

function closeAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader("Connection", "close");
}
