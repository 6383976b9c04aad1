import { readFileSync } from "node:fs";
import { getCACertificates } from "node:tls";
import { EnvHttpProxyAgent, fetch } from "undici";
import { parsePublicUrl } from "../../config/setting-values.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { ConfigurationError } from "../configuration-error.ts";
import { type Environment, readSettings } from "../read-settings.ts";
import { findApiToken } from "./api-token.ts";

/** A request as both ways carry it. */
interface Sent {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs?: number;
}

interface Answered {
  readonly status: number;
  readonly etag: string | null;
  readonly text: string;
}

/** The way to a management API. */
export interface ApiTransport {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** Else a sentence: why there was no answer. */
  send(url: URL, request: Sent): Promise<Result<Answered, string>>;
  close(): Promise<void>;
}

/** From the name look-up to the last byte. */
const TIMEOUT_MS = 30_000;

export function openTransport(environment: Environment): Promise<ApiTransport> {
  const { BERTH_SERVER: server } = environment;
  return server === undefined || server === ""
    ? openLocal(environment)
    : Promise.resolve(openRemote(server, environment));
}

async function openLocal(environment: Environment): Promise<ApiTransport> {
  const settings = localSettings(environment);
  // The whole of a server: who asks one that runs need not wait for it.
  const { openLocalApp } = await import("../local-app.ts");
  const app = await openLocalApp(settings);
  return {
    baseUrl: settings.publicUrl,
    send: async (url, { timeoutMs: _, ...request }) => {
      const answer = await app.fetch(new Request(url, request));
      return ok({ status: answer.status, etag: answer.headers.get("etag"), text: await answer.text() });
    },
    close: () => app.close(),
  };
}

/** Whoever meant a server and forgot to name it is told so before all that a store of this host would need. */
function localSettings(environment: Environment) {
  try {
    return readSettings(environment);
  } catch (fault) {
    if (!(fault instanceof ConfigurationError)) throw fault;
    const hint = "BERTH_SERVER names no server, and the settings of this host's own store do not do:";
    throw new ConfigurationError([hint, ...fault.problems]);
  }
}

function openRemote(server: string, environment: Environment): ApiTransport {
  const baseUrl = server.replace(/\/+$/, "");
  const url = parsePublicUrl(baseUrl);
  // Without TLS the token would be anybody's on the way.
  if (!url.ok) throw new ConfigurationError([`BERTH_SERVER: ${url.error}`]);
  const token = findApiToken(environment);
  const agent = agentFor(environment);
  return {
    baseUrl,
    send: async (target, { headers, timeoutMs = TIMEOUT_MS, ...request }) => {
      try {
        const answer = await fetch(target, {
          ...request,
          headers: { ...headers, authorization: `Bearer ${token.expose()}` },
          dispatcher: agent,
          // The token is for this server, and for none to which it may point.
          redirect: "error",
          signal: AbortSignal.timeout(timeoutMs),
        });
        return ok({ status: answer.status, etag: answer.headers.get("etag"), text: await answer.text() });
      } catch (fault) {
        return err(`${baseUrl} ${causeOf(fault, timeoutMs)}`);
      }
    },
    close: () => agent.close(),
  };
}

/** Proxies by the variables that every program knows; those of this environment and not of the process. */
function agentFor(environment: Environment): EnvHttpProxyAgent {
  const named = (name: string) => environment[name] ?? environment[name.toUpperCase()] ?? "";
  const ca = trustedCas(environment.BERTH_CA_FILE);
  const trust = ca === undefined ? {} : { connect: { ca }, requestTls: { ca } };
  return new EnvHttpProxyAgent({
    httpProxy: named("http_proxy"),
    httpsProxy: named("https_proxy"),
    noProxy: named("no_proxy"),
    ...trust,
  });
}

function trustedCas(file: string | undefined): string[] | undefined {
  if (file === undefined || file === "") return undefined;
  try {
    return [...getCACertificates("default"), readFileSync(file, "utf8")];
  } catch {
    throw new ConfigurationError(["BERTH_CA_FILE: names a file that cannot be read"]);
  }
}

/** OpenSSL's words for a chain that ends in nothing that is trusted. */
const UNTRUSTED = [
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
];

/** By code, not by text: what a library says of a request may hold its headers. */
function causeOf(fault: unknown, timeoutMs: number): string {
  const code = codeOf(fault);
  if (code === "TimeoutError") return `did not answer in ${timeoutMs / 1000} s`;
  if (UNTRUSTED.includes(code))
    return "shows a certificate that is not trusted; BERTH_CA_FILE may name its CA";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return "shows a certificate for another name";
  return `does not answer (${code})`;
}

function codeOf(fault: unknown): string {
  if (!(fault instanceof Error)) return "unknown";
  if (fault.name === "TimeoutError") return fault.name;
  if ("code" in fault && typeof fault.code === "string") return fault.code;
  return fault.cause === undefined ? fault.name : codeOf(fault.cause);
}
