import { connect, createServer, type Server, type Socket } from "node:net";

/** A TCP relay on loopback in front of one server, whose answers it holds back for as long as it is told. */
export class SlowRelay {
  readonly url: string;
  /** Of each piece of an answer from now on. */
  delayMs = 0;
  readonly #server: Server;
  readonly #clients = new Set<Socket>();

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `redis://127.0.0.1:${port}`;
  }

  static async start(targetPort: number): Promise<SlowRelay> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const relay = new SlowRelay(server, address.port);
    server.on("connection", (client) => relay.#relay(client, connect(targetPort, "127.0.0.1")));
    return relay;
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #relay(client: Socket, target: Socket): void {
    this.#clients.add(client);
    for (const socket of [client, target]) socket.on("error", () => socket.destroy());
    client.pipe(target);
    client.on("close", () => target.destroy());
    target.on("close", () => client.destroy());
    target.on("data", (piece) => {
      if (this.delayMs === 0) client.write(piece);
      else setTimeout(() => client.write(piece), this.delayMs);
    });
  }
}
