import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { getRequestListener } from "@hono/node-server";
import { type BerthChange, startTestBerth, type TestBerth } from "./berth-app.ts";
import type { EndpointAnswer } from "./ci-platforms/token-endpoint.ts";
import type { FakeIssuer } from "./fake-issuer.ts";

/** What happens to the next request: its answer gets lost, or something in between answers. */
type Mishap = "lost" | EndpointAnswer;

/** A Berth in this process behind Node's HTTP server, as a client meets it. */
export interface ClientWorld {
  readonly berth: TestBerth;
  readonly issuer: FakeIssuer;
  /** Berth's public URL. */
  readonly url: string;
  /** What will happen to the requests that come, in order. */
  readonly mishaps: Mishap[];
  /** Paths of the requests that came. */
  readonly asked: string[];
  /** An identity token for this Berth, but for the changes; `change.aud` for another. */
  sign(change?: Readonly<Record<string, unknown>>): Promise<string>;
  close(): Promise<void>;
}

/** @param change What differs from the baseline's records. */
export async function startClientWorld(change: BerthChange = {}): Promise<ClientWorld> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const issuer = { audiences: [url], ...change.issuer };
  const berth = await startTestBerth({ publicUrl: url, refusalDelayMs: 0, ...change, issuer });
  const mishaps: Mishap[] = [];
  const asked: string[] = [];
  const answer = getRequestListener(berth.app.fetch, { hostname: `127.0.0.1:${port}` });
  server.on("request", async (incoming, response) => {
    asked.push(incoming.url ?? "");
    const mishap = mishaps.shift();
    if (mishap === undefined) await answer(incoming, response);
    else if (mishap === "lost") await loseAnswer(berth, url, incoming);
    else give(mishap, response);
  });
  return {
    ...{ berth, url, mishaps, asked },
    issuer: berth.issuer,
    sign: (claims = {}) => berth.issuer.sign({ aud: url, ...claims }),
    close: async () => {
      await end(server);
      await berth.close();
    },
  };
}

/** Berth sees the request, and nobody its answer. */
async function loseAnswer(berth: TestBerth, url: string, incoming: IncomingMessage): Promise<void> {
  const body = await text(incoming);
  const headers = { "content-type": incoming.headers["content-type"] ?? "" };
  await berth.app.request(`${url}${incoming.url}`, { method: incoming.method ?? "", headers, body });
  incoming.socket.destroy();
}

function give({ status, body, headers }: EndpointAnswer, response: ServerResponse): void {
  response.writeHead(status, headers).end(body);
}

async function end(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
