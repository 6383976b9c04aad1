import { createServer, type IncomingMessage, type Server } from "node:http";
import { text } from "node:stream/consumers";
import type { AskedRequest } from "./simulated-platform.ts";

/** An answer: a status and a body, and headers if need be. */
export interface EndpointAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server on loopback or a Unix socket that writes down what it is asked. */
export class TokenEndpoint {
  /** `http://127.0.0.1:PORT`; on a socket, a name for nobody. */
  readonly origin: string;
  readonly requests: AskedRequest[] = [];
  /** Answers that come first, each once: outages, refusals. */
  readonly faults: EndpointAnswer[] = [];
  readonly #server: Server;

  private constructor(server: Server, origin: string) {
    this.#server = server;
    this.origin = origin;
  }

  /** @param socketPath Absent: a free port of 127.0.0.1. */
  static async start(
    answer: (request: AskedRequest) => EndpointAnswer | Promise<EndpointAnswer>,
    socketPath?: string,
  ): Promise<TokenEndpoint> {
    const server = createServer();
    const place = socketPath === undefined ? { port: 0, host: "127.0.0.1" } : { path: socketPath };
    await new Promise<void>((resolve) => server.listen(place, resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const endpoint = new TokenEndpoint(
      server,
      `http://${port === undefined ? "socket" : `127.0.0.1:${port}`}`,
    );
    server.on("request", async (incoming, response) => {
      const asked = await askedOf(incoming);
      endpoint.requests.push(asked);
      const { status, body, headers } = endpoint.faults.shift() ?? (await answer(asked));
      response.writeHead(status, headers).end(body);
    });
    return endpoint;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

async function askedOf(incoming: IncomingMessage): Promise<AskedRequest> {
  const { method = "", url = "", headers } = incoming;
  return { method, url, headers, body: await text(incoming) };
}

export function json(status: number, body: unknown): EndpointAnswer {
  return { status, body: JSON.stringify(body), headers: { "content-type": "application/json" } };
}
