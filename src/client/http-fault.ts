/** Why a request had no answer. */
export interface HttpFault {
  readonly kind: HttpFaultKind;
  /** The error's code, such as ECONNREFUSED; never a library's text, which may hold a header. */
  readonly code: string;
  /** Host and port of the proxy that the request took. */
  readonly proxy?: string;
  /** Of the proxy that it should have taken, and the version of the Node that cannot. */
  readonly unusedProxy?: { readonly host: string; readonly node: string };
}

export type HttpFaultKind =
  | "timeout"
  | "unresolved"
  | "unreachable"
  | "untrusted"
  | "wrong_name"
  | "certificate_dates"
  | "not_tls"
  | "too_large"
  | "ca_unreadable"
  | "proxy_refused";

/** OpenSSL's words for a chain that ends in nothing that is trusted. */
const UNTRUSTED = [
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
];

const KINDS: Readonly<Record<string, HttpFaultKind>> = {
  ...Object.fromEntries(UNTRUSTED.map((code) => [code, "untrusted" as const])),
  ABORT_ERR: "timeout",
  ETIMEDOUT: "timeout",
  ENOTFOUND: "unresolved",
  ERR_TLS_CERT_ALTNAME_INVALID: "wrong_name",
  CERT_HAS_EXPIRED: "certificate_dates",
  CERT_NOT_YET_VALID: "certificate_dates",
  ERR_SSL_WRONG_VERSION_NUMBER: "not_tls",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "not_tls",
  EPROTO: "not_tls",
  ERR_PROXY_TUNNEL: "proxy_refused",
  ERR_PROXY_INVALID_CONFIG: "proxy_refused",
};

/** Faults that may be gone with the next try. A name that does not exist is a name that somebody mistyped. */
const PASSING: ReadonlySet<HttpFaultKind> = new Set(["timeout", "unreachable"]);

/** Throws what is no fault of the way but one of the request's maker. */
export function httpFault(fault: unknown): HttpFault {
  if (fault instanceof TypeError || fault instanceof RangeError) throw fault;
  const code = codeOf(fault);
  return { kind: KINDS[code] ?? "unreachable", code };
}

export function isPassing(fault: HttpFault): boolean {
  return PASSING.has(fault.kind);
}

function codeOf(fault: unknown): string {
  if (!(fault instanceof Error)) return "unknown";
  if ("code" in fault && typeof fault.code === "string") return fault.code;
  return fault.name;
}
