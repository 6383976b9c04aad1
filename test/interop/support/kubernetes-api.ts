import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

/** What a cluster's API was asked: `PATCH /api/v1/…`, and the body. */
export interface SecretWrite {
  readonly request: string;
  readonly body: string;
}

const SECRET = "/api/v1/namespaces/apps/secrets/berth-pull";

/** As much of a cluster's API as the rotation job speaks to: the one Secret, for the one service account. */
export class KubernetesApi {
  readonly writes: SecretWrite[] = [];
  /** Answers that come first, each once. */
  readonly refusals: number[] = [];
  readonly origin: string;
  readonly #server: Server;
  readonly #bearer: string;

  private constructor(server: Server, port: number, bearer: string) {
    this.#server = server;
    this.#bearer = bearer;
    this.origin = `http://127.0.0.1:${port}`;
    server.on("request", (incoming, response) => this.#answer(incoming, response));
  }

  /** @param bearer The token of the service account. */
  static async start(bearer: string): Promise<KubernetesApi> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return new KubernetesApi(server, address.port, bearer);
  }

  /** What the Secret holds: the merge patches that were kept. */
  dockerConfig(): Record<string, { readonly auth: string }> {
    const kept = this.writes.filter(({ request }) => request === `PATCH ${SECRET}`).at(-1);
    const { data } = JSON.parse(kept?.body ?? "{}") as { data?: Record<string, string> };
    const config = Buffer.from(data?.[".dockerconfigjson"] ?? "", "base64").toString();
    return (JSON.parse(config) as { auths: Record<string, { auth: string }> }).auths;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = "", headers } = incoming;
    const isOurs = headers.authorization === `Bearer ${this.#bearer}` && url.split("?")[0] === SECRET;
    const isPatch = method === "PATCH" && headers["content-type"] === "application/merge-patch+json";
    this.writes.push({ request: `${method} ${url}`, body: await text(incoming) });
    const status = this.refusals.shift() ?? (isOurs && isPatch ? 200 : 403);
    response.writeHead(status, { "content-type": "application/json", connection: "close" }).end("{}");
  }
}
