import type { ProxyEnv } from "node:http";
import { parseUrl } from "./parse-url.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the variables name for a URL, by the names that every program knows, the lower-case one first.
 * NO_PROXY takes `*`, a host, a domain with all that is under it, and a port after either; no network masks.
 * A loopback host is never behind a proxy.
 */
export function proxyFor(url: URL, variables: Variables): string | undefined {
  const scheme = url.protocol === "https:" ? "https_proxy" : "http_proxy";
  const proxy = named(variables, scheme);
  if (proxy === "" || isLoopbackHost(url.hostname)) return undefined;
  const exceptions = named(variables, "no_proxy").split(",");
  return exceptions.some((exception) => covers(exception.trim(), url)) ? undefined : proxy;
}

function named(variables: Variables, name: string): string {
  return variables[name] || variables[name.toUpperCase()] || "";
}

function covers(exception: string, url: URL): boolean {
  if (exception === "" || exception === "*") return exception === "*";
  const [, name = "", port] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(exception.toLowerCase()) ?? [];
  const ownPort = url.port || (url.protocol === "https:" ? "443" : "80");
  if (port !== undefined && port !== ownPort) return false;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return host === name || host.endsWith(`.${name}`);
}

/** For an agent whose every request takes that one proxy. */
export function proxyEnv(proxy: string): ProxyEnv {
  return { HTTP_PROXY: proxy, HTTPS_PROXY: proxy };
}

/** Whether this Node's own agents can use a proxy: from 24.5 and 22.21 on. An older one connects directly. */
export function canUseProxies(nodeVersion: string): boolean {
  const [major = 0, minor = 0] = nodeVersion.split(".").map(Number);
  return major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);
}

/** Host and port of a proxy, without the password that its URL may hold. */
export function proxyHost(proxy: string): string {
  return parseUrl(proxy)?.host || "a URL that cannot be read";
}

/** As in RFC 6761 and the addresses that no packet leaves the machine for. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
