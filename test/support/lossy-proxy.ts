import { connect, createServer, type Server, type Socket } from "node:net";
import { freePort } from "../../demo/free-port.ts";

/** How an answer is lost: the connection breaks, or it stands and stays silent. */
export type Loss = "broken" | "silent";

/** A TCP relay on loopback that can lose the next answer; what was asked reaches the server all the same. */
export class LossyProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #next: Loss | undefined;
  #lost = 0;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async start(targetPort: number): Promise<LossyProxy> {
    const server = createServer();
    const proxy = new LossyProxy(server, await freePort());
    server.on("connection", (client) => proxy.#relay(client, connect(targetPort, "127.0.0.1")));
    await new Promise<void>((resolve) => server.listen(proxy.port, "127.0.0.1", resolve));
    return proxy;
  }

  /** Answers that were lost so far. */
  get lost(): number {
    return this.#lost;
  }

  loseNextAnswer(loss: Loss): void {
    this.#next = loss;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #relay(client: Socket, target: Socket): void {
    let silent = false;
    for (const socket of [client, target]) {
      this.#sockets.add(socket);
      socket.on("error", () => socket.destroy());
    }
    client.on("data", (chunk) => target.write(chunk));
    client.on("close", () => target.destroy());
    target.on("close", () => client.destroy());
    target.on("data", (chunk) => {
      const loss = this.#next;
      this.#next = undefined;
      if (loss !== undefined) this.#lost += 1;
      if (loss === "broken") client.destroy();
      if (loss === "silent") silent = true;
      if (loss === undefined && !silent) client.write(chunk);
    });
  }
}
