import { connect, createServer, type Server, type Socket } from "node:net";

/** Whether nothing may pass to and from who comes from that address. */
type Cut = (address: string) => boolean;

const NOTHING: Cut = () => false;

interface Pair {
  readonly address: string;
  readonly client: Socket;
  readonly target: Socket;
}

/**
 * A TCP relay on loopback in front of one server, and the cable that can be pulled: while it is cut, connections
 * stand and nothing passes; when it is healed, what was sent meanwhile arrives late, as TCP has it.
 */
export class TcpRelay {
  readonly port: number;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #isCut = NOTHING;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async start(targetPort: number): Promise<TcpRelay> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const relay = new TcpRelay(server, address.port);
    server.on("connection", (client) =>
      relay.#relay(client, connect({ port: targetPort, host: "127.0.0.1", noDelay: true })),
    );
    return relay;
  }

  cut(isCut: Cut): void {
    this.#isCut = isCut;
    for (const pair of this.#pairs) this.#join(pair);
  }

  heal(): void {
    this.cut(NOTHING);
  }

  async stop(): Promise<void> {
    for (const { client } of this.#pairs) client.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #relay(client: Socket, target: Socket): void {
    const pair = { address: client.remoteAddress ?? "", client, target };
    this.#pairs.add(pair);
    for (const socket of [client, target]) socket.on("error", () => socket.destroy());
    client.on("close", () => {
      this.#pairs.delete(pair);
      target.destroy();
    });
    target.on("close", () => client.destroy());
    this.#join(pair);
  }

  #join({ address, client, target }: Pair): void {
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      from.unpipe(to);
      if (this.#isCut(address)) from.pause();
      else from.pipe(to);
    }
  }
}
