import { createServer } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";

/** An HTTP proxy on loopback that dials 127.0.0.1 for every host name. */
export interface ConnectProxy {
  readonly url: string;
  /** `host:port` of each tunnel, and the URL of each plain request, that was asked for. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** @param refuses Status for every request; absent: they pass. */
export async function startConnectProxy(refuses?: number): Promise<ConnectProxy> {
  const asked: string[] = [];
  const sockets = new Set<Duplex>();
  const server = createServer((incoming, response) => {
    asked.push(incoming.url ?? "");
    response.writeHead(refuses ?? 200).end("through the proxy");
  });
  server.on("connection", (socket) => sockets.add(socket));
  server.on("connect", ({ url = "" }, client: Duplex) => {
    asked.push(url);
    if (refuses !== undefined) {
      client.end(`HTTP/1.1 ${refuses} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const target = connect(Number(url.slice(url.lastIndexOf(":") + 1)), "127.0.0.1");
    sockets.add(target);
    for (const socket of [client, target]) socket.on("error", () => socket.destroy());
    client.write("HTTP/1.1 200 Connected\r\n\r\n");
    client.pipe(target).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    asked,
    url: `http://user:proxy-password@127.0.0.1:${port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
