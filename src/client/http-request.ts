import { readFileSync } from "node:fs";
import type { AgentOptions, ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { err, ok, type Result } from "../domain/result.ts";
import { type HttpFault, httpFault } from "./http-fault.ts";
import { canUseProxies, proxyEnv, proxyFor, proxyHost } from "./proxy.ts";

export interface OutgoingRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From the name look-up to the last byte. */
  readonly timeoutMs: number;
  /** A Unix socket to speak to in place of the URL's host. */
  readonly socketPath?: string;
  /** For what is reached on the machine's own link alone, and would be another thing behind a proxy. */
  readonly direct?: true;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

/** One request, one answer. A redirect is an answer: what a request carries is for that server and for no other. */
export type HttpRequest = (outgoing: OutgoingRequest) => Promise<Result<HttpAnswer, HttpFault>>;

type Variables = Readonly<Record<string, string | undefined>>;

const MAX_ANSWER_BYTES = 256 * 1024;

class AnswerTooLarge extends Error {}

/**
 * Requests by Node's own client: through the proxies that `variables` name, and trusting the CAs of BERTH_CA_FILE
 * besides those that Node trusts (NODE_EXTRA_CA_CERTS among them).
 *
 * @param nodeVersion Of the Node that runs; an old one cannot use proxies, and the fault of a direct try says so.
 */
export function createHttpRequest(variables: Variables, nodeVersion = process.versions.node): HttpRequest {
  return async (outgoing) => {
    const url = new URL(outgoing.url);
    const way = wayTo(url, outgoing, variables, nodeVersion);
    const ca = url.protocol === "https:" ? await trustedCas(variables.BERTH_CA_FILE) : undefined;
    if (ca === "unreadable") return err({ kind: "ca_unreadable", code: "BERTH_CA_FILE" });
    try {
      // Said: a job that sets NODE_TLS_REJECT_UNAUTHORIZED=0 for another program means no identity token by it.
      const options = { ...way.options, rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) };
      return ok(await send(url, outgoing, options));
    } catch (fault) {
      const isEndless = fault instanceof AnswerTooLarge;
      return err(isEndless ? { kind: "too_large", code: "too_large" } : { ...httpFault(fault), ...way.told });
    }
  };
}

interface Way {
  readonly options: Pick<AgentOptions, "proxyEnv">;
  /** What a fault says of the way that the request took. */
  readonly told: Pick<HttpFault, "proxy" | "unusedProxy">;
}

function wayTo(url: URL, outgoing: OutgoingRequest, variables: Variables, nodeVersion: string): Way {
  const isDirect = outgoing.direct === true || outgoing.socketPath !== undefined;
  const proxy = isDirect ? undefined : proxyFor(url, variables);
  if (proxy === undefined) return { options: {}, told: {} };
  const host = proxyHost(proxy);
  return canUseProxies(nodeVersion)
    ? { options: { proxyEnv: proxyEnv(proxy) }, told: { proxy: host } }
    : { options: {}, told: { unusedProxy: { host, node: nodeVersion } } };
}

type ConnectOptions = Pick<AgentOptions, "proxyEnv"> & {
  readonly ca?: string[];
  readonly rejectUnauthorized: boolean;
};

async function send(url: URL, outgoing: OutgoingRequest, connect: ConnectOptions): Promise<HttpAnswer> {
  const { method, body, socketPath } = outgoing;
  const options = {
    method,
    signal: AbortSignal.timeout(Math.ceil(outgoing.timeoutMs)),
    ...(socketPath === undefined ? {} : { socketPath }),
  };
  const headers = {
    "user-agent": "berth-client",
    ...outgoing.headers,
    ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
  };
  const open = await opener(url, connect);
  return new Promise((resolve, reject) => {
    const sent = open(options);
    // Not among the options, which NODE_DEBUG=http has Node print whole.
    for (const [name, value] of Object.entries(headers)) sent.setHeader(name, value);
    // At an answer that changes the protocol (101) Node ends the connection, and says nothing else.
    const endWithout = () => reject(Object.assign(new Error("no answer"), { code: "ECONNRESET" }));
    sent.on("close", endWithout);
    sent.on("response", (response) => {
      sent.off("close", endWithout);
      readAnswer(response).then(resolve, reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** The modules are loaded where they are needed: a credential helper whose answer is in a file asks nobody. */
async function opener(
  url: URL,
  connect: ConnectOptions,
): Promise<(options: RequestOptions) => ClientRequest> {
  if (url.protocol === "https:") {
    const { Agent, request } = await import("node:https");
    return (options) => request(url, { ...options, agent: new Agent(connect) });
  }
  const { Agent, request } = await import("node:http");
  return (options) => request(url, { ...options, agent: new Agent(connect) });
}

async function readAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += (chunk as Buffer).length;
    // Leaving the loop destroys the response, and its connection.
    if (size > MAX_ANSWER_BYTES) throw new AnswerTooLarge();
    chunks.push(chunk as Buffer);
  }
  const headers = Object.entries(response.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(", ") : value,
  ]);
  return {
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(headers),
    text: Buffer.concat(chunks).toString("utf8"),
  };
}

async function trustedCas(file: string | undefined): Promise<string[] | "unreadable" | undefined> {
  if (file === undefined || file === "") return undefined;
  try {
    return [...(await trustedByNode()), readFileSync(file, "utf8")];
  } catch {
    return "unreadable";
  }
}

/** `getCACertificates` came with Node 22.15; what an older one trusts besides its own list cannot be asked. */
async function trustedByNode(): Promise<readonly string[]> {
  const tls = await import("node:tls");
  return typeof tls.getCACertificates === "function"
    ? tls.getCACertificates("default")
    : tls.rootCertificates;
}
