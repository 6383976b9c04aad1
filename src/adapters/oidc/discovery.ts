import { customFetch, discovery } from "openid-client";
import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import { FetchFault } from "./fetch-fault.ts";
import type { FetchDocument } from "./issuer-document.ts";

/** Discovery needs no client, but openid-client wants its name. */
const CLIENT_ID = "berth";

type DiscoveryKeys = Extract<TrustedIssuer["keys"], { kind: "discovery" }>;

/**
 * Where the issuer's key set is, by its discovery document (OpenID Connect Discovery 1.0 §4). Of the document only
 * `issuer` and `jwks_uri` are looked at: AWS and SPIRE leave out what a platform without a login page has not.
 *
 * Throws a FetchFault.
 */
export async function discoverKeySetUrl(
  issuer: TrustedIssuer,
  keys: DiscoveryKeys,
  fetchDocument: FetchDocument,
  signal: AbortSignal,
): Promise<URL> {
  const documentUrl = discoveryUrl(issuer.url);
  const { bytes } = await fetchDocument(documentUrl, keys, signal);
  const document = await parseDiscovery(documentUrl, bytes);
  // Here and in bytes: openid-client compares parsed URLs, for which `https://a` is `https://a/`.
  if (document.issuer !== issuer.url) throw new FetchFault("issuer_differs");
  const url = typeof document.jwks_uri === "string" ? URL.parse(document.jwks_uri) : null;
  if (url === null) throw new FetchFault("discovery_malformed");
  if (url.protocol !== "https:" || !isHostOf(url, issuer, keys)) throw new FetchFault("jwks_uri_refused");
  return url;
}

/** Appended to the issuer's path, one trailing slash removed (§4.1): not the insertion of RFC 8414. */
function discoveryUrl(issuerUrl: string): URL {
  return new URL(`${issuerUrl.replace(/\/$/, "")}/.well-known/openid-configuration`);
}

/** Whoever may write the discovery document must not choose another host's keys. */
function isHostOf(url: URL, issuer: TrustedIssuer, keys: DiscoveryKeys): boolean {
  return [new URL(issuer.url).host, ...keys.jwksHosts].includes(url.host);
}

/** The fetch is Berth's own, so that what openid-client throws is about the document, and its text may quote it. */
async function parseDiscovery(url: URL, bytes: Uint8Array<ArrayBuffer>) {
  try {
    const configuration = await discovery(url, CLIENT_ID, undefined, undefined, {
      [customFetch]: async () => new Response(bytes),
    });
    return configuration.serverMetadata();
  } catch {
    throw new FetchFault("discovery_malformed");
  }
}
