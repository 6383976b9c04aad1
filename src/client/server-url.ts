import { err, ok, type Result } from "../domain/result.ts";
import type { ClientEnvironment } from "./client-environment.ts";
import { type ClientProblem, clientProblem } from "./client-problem.ts";
import { parseUrl } from "./parse-url.ts";
import { isLoopbackHost } from "./proxy.ts";

/**
 * Berth's public URL as Berth itself writes it, without a slash at its end: so it is the audience of identity tokens.
 * https, or a loopback host.
 */
export function normalServer(server: string): Result<string, ClientProblem> {
  const url = parseUrl(server.trim());
  if (url === undefined || !["https:", "http:"].includes(url.protocol) || hasMore(url)) {
    return err(clientProblem("server_malformed", { server: withoutSecrets(server) }));
  }
  const normal = url.href.replace(/\/+$/, "");
  const isSafe = url.protocol === "https:" || isLoopbackHost(url.hostname);
  return isSafe ? ok(normal) : err(clientProblem("server_not_https", { server: normal }));
}

function hasMore({ username, password, search, hash }: URL): boolean {
  return [username, password, search, hash].some((part) => part !== "");
}

/** A password may stand before the host, in a text that need not be a URL, and a key after the path. */
function withoutSecrets(server: string): string {
  return server.replace(/^.*@/s, "").replace(/[?#].*$/s, "");
}

/**
 * The audience of the identity tokens that `server` takes: its URL. BERTH_AUDIENCE names another one, and only for the
 * server that BERTH_SERVER names: a registry must not be able to say where a token for that audience goes.
 */
export function wantedAudience({ variables }: ClientEnvironment, server: string): string {
  const named = normalServer(variables.BERTH_SERVER ?? "");
  return named.ok && named.value === server ? variables.BERTH_AUDIENCE || server : server;
}
