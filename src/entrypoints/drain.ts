import type { Server as HttpServer, ServerResponse } from "node:http";
import type { Server as HttpsServer } from "node:https";

/** How long requests under way may take to end at a stop. */
const DRAIN_MS = 10_000;

/** The end of a server, in two steps, so that no request is cut off. */
export interface Drain {
  /**
   * Takes new connections and requests as before, and each answer says `Connection: close` (RFC 9112 §9.6): a client
   * that keeps its connection would send a request into the end. Who sends one in this time is elsewhere for the next.
   */
  begin(): void;
  /**
   * Takes no more connections, ends the idle ones, and resolves when the others have had their answer, in ten seconds
   * at the most. Begins, if that was not done.
   */
  end(): Promise<void>;
}

/** Prepares `server`, before it listens, for its end. */
export function prepareDrain(server: HttpServer | HttpsServer): Drain {
  const underWay = new Set<ServerResponse>();
  let draining = false;
  server.prependListener("request", (_, response) => {
    underWay.add(response);
    response.once("close", () => underWay.delete(response));
    if (draining) closeAfter(response);
  });
  const begin = () => {
    draining = true;
    for (const response of underWay) closeAfter(response);
  };
  return {
    begin,
    end: () => {
      begin();
      return new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
  };
}

function closeAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader("Connection", "close");
}
