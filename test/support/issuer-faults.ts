import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";

/** What an issuer can answer instead of its document. */
export type IssuerFault =
  /** The connection is cut. */
  | "down"
  /** 500. */
  | "error"
  /** 200 with a login page. */
  | "html"
  /** 200 with `{}`. */
  | "empty"
  /** 200 with a body that does not end. */
  | "huge"
  /** 200 with a body of which a byte comes now and then. */
  | "slow"
  /** 200 with a small body of gzip that is 16 MiB when decoded. */
  | "bomb"
  /** 302 to where the same document is served well. */
  | "redirect";

const BLOCK = Buffer.alloc(64 * 1024, 0x20);
const BOMB_BLOCKS = 256;

export function answerWithFault(
  fault: IssuerFault,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  FAULTS[fault](request, response);
}

const FAULTS: Readonly<Record<IssuerFault, (request: IncomingMessage, response: ServerResponse) => void>> = {
  down: (request) => void request.socket.destroy(),
  error: (_request, response) => void response.writeHead(500).end('{"error":"server_error"}'),
  html: (_request, response) =>
    void response.writeHead(200, { "content-type": "text/html" }).end("<html><title>Log in</title></html>"),
  empty: (_request, response) => void writeJsonHead(response).end("{}"),
  huge: (_request, response) => {
    writeJsonHead(response);
    const pour = () => {
      while (!response.destroyed && response.write(BLOCK));
    };
    response.on("drain", pour);
    pour();
  },
  slow: (_request, response) => {
    writeJsonHead(response).flushHeaders();
    const trickle = setInterval(() => response.write(" "), 5);
    response.on("close", () => clearInterval(trickle));
  },
  bomb: (_request, response) => {
    const bomb = gzipSync(Buffer.concat(new Array<Buffer>(BOMB_BLOCKS).fill(BLOCK)));
    writeJsonHead(response, { "content-encoding": "gzip" }).end(bomb);
  },
  redirect: (request, response) => void response.writeHead(302, { location: `${request.url}?mended` }).end(),
};

function writeJsonHead(response: ServerResponse, headers: Record<string, string> = {}): ServerResponse {
  return response.writeHead(200, { "content-type": "application/json", ...headers });
}
