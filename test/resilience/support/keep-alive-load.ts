import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { SERVICE, SUBJECT } from "../../support/baseline.ts";
import type { FakeIssuer } from "../../support/fake-issuer.ts";
import { basic, formOf, ID_TOKEN, TOKEN_EXCHANGE } from "../../support/requests.ts";

interface Sent {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Between two jobs of a client: in half of them a connection stands idle most of the time. */
const PAUSES_MS = [10, 200];

/**
 * Clients that each keep one connection, as a load balancer or a container runtime does, and ask in turn for a
 * credential and for a registry token with it. Every answer that is not 200, and every connection that breaks, is kept.
 */
export class KeepAliveLoad {
  readonly #issuer: FakeIssuer;
  readonly #port: number;
  readonly #clients: readonly Promise<void>[];
  readonly #troubles: string[] = [];
  #running = true;
  #answered = 0;
  #connections = 0;

  constructor(issuer: FakeIssuer, port: number, clients = 6) {
    this.#issuer = issuer;
    this.#port = port;
    this.#clients = Array.from({ length: clients }, (_, at) => this.#run(at));
  }

  /** What a client would call an error. */
  get troubles(): readonly string[] {
    return this.#troubles;
  }

  get answered(): number {
    return this.#answered;
  }

  /** Connections that were opened: more than clients, if servers said that theirs ends. */
  get connections(): number {
    return this.#connections;
  }

  /** No client begins another request; resolves when all have their answers. */
  async stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#clients);
  }

  async #run(client: number): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let job = 0; this.#running; job += 1) {
      const answer = await this.#ask(agent, await this.#exchange(`${SUBJECT}-${client}-${job}`));
      const credential = (JSON.parse(answer || "{}") as { access_token?: string }).access_token;
      if (credential !== undefined) await this.#ask(agent, login(credential));
      await pause(PAUSES_MS[client % PAUSES_MS.length]);
    }
    agent.destroy();
  }

  async #exchange(sub: string): Promise<Sent> {
    const body = formOf({
      grant_type: TOKEN_EXCHANGE,
      subject_token: await this.#issuer.sign({ sub }),
      subject_token_type: ID_TOKEN,
      robot: "acme+builder",
    }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return { method: "POST", path: "/oauth2/token", headers, body };
  }

  /** The answer's text, or none where there was trouble. */
  async #ask(agent: Agent, sent: Sent): Promise<string> {
    try {
      const { status, text } = await this.#send(agent, sent);
      if (status === 200) {
        this.#answered += 1;
        return text;
      }
      this.#troubles.push(`${sent.method} ${sent.path.split("?")[0]}: ${status} ${text}`);
    } catch (fault) {
      this.#troubles.push(`${sent.method} ${sent.path.split("?")[0]}: ${fault}`);
    }
    return "";
  }

  #send(agent: Agent, { method, path, headers, body = "" }: Sent): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const length = { "content-length": Buffer.byteLength(body) };
      const options = { host: "127.0.0.1", port: this.#port, agent, method, path };
      const asked = request({ ...options, headers: { ...headers, ...length } }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.once("error", reject);
        response.once("end", () => resolve({ status: response.statusCode ?? 0, text }));
      });
      asked.once("socket", () => {
        if (!asked.reusedSocket) this.#connections += 1;
      });
      asked.once("error", reject);
      asked.end(body);
    });
  }
}

function login(credential: string): Sent {
  const query = new URLSearchParams({ service: SERVICE, scope: "repository:acme/app:pull,push" });
  return { method: "GET", path: `/v2/auth?${query}`, headers: basic("acme+builder", credential) };
}
