import { exchangeForm, type HostileRequest, post, row } from "./hostile-requests.ts";

const HEADER = '{"alg":"ES256","kid":"key-1","typ":"JWT"}';

/** A token of any header and payload, with a signature that has the form of one. */
function forged(header: string | Uint8Array, payload: string | Uint8Array): string {
  const encode = (part: string | Uint8Array) => Buffer.from(part).toString("base64url");
  return `${encode(header)}.${encode(payload)}.${encode(new Uint8Array(64))}`;
}

const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

/** Identity tokens that nobody signed, by the URL of a trusted issuer; and the reason of each refusal. */
const TOKENS: readonly (readonly [string, string, (issuer: string) => string])[] = [
  ["five parts", "token_malformed", () => "a.b.c.d.e"],
  ["dots", "token_malformed", () => ".".repeat(16 * 1024)],
  ["more dots than may be", "token_too_large", () => ".".repeat(16 * 1024 + 1)],
  ["three empty parts", "token_malformed", () => ".."],
  ["no JSON", "token_malformed", () => forged("x", "y")],
  ["a list for a payload", "token_malformed", () => forged(HEADER, "[]")],
  ["deep JSON", "token_malformed", () => forged(HEADER, deep(500))],
  ["deep lists", "token_malformed", () => forged(HEADER, "[".repeat(8000))],
  ["a key twice", "token_malformed", (iss) => forged(HEADER, `{"iss":"x","iss":"${iss}"}`)],
  [
    "a key twice in two spellings",
    "token_malformed",
    (iss) => forged(HEADER, `{"iss":"${iss}","\\u0069ss":"x"}`),
  ],
  ["__proto__", "issuer_unknown", (iss) => forged(HEADER, `{"__proto__":{"iss":"${iss}"},"constructor":1}`)],
  [
    "a number without end",
    "signature_invalid",
    (iss) => forged(HEADER, `{"iss":"${iss}","exp":1e999,"iat":-0}`),
  ],
  [
    "invalid UTF-8",
    "token_malformed",
    () => forged(HEADER, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])),
  ],
  ["a byte order mark", "token_malformed", (iss) => forged(HEADER, `\ufeff{"iss":"${iss}"}`)],
  ["a lone surrogate", "token_malformed", (iss) => forged(HEADER, `{"iss":"${iss}","sub":"\\ud800"}`)],
  ["NUL in iss", "issuer_unknown", (iss) => forged(HEADER, `{"iss":"${iss}\\u0000"}`)],
  ["iss as a list", "issuer_unknown", (iss) => forged(HEADER, `{"iss":["${iss}"]}`)],
  ["no algorithm", "algorithm_refused", (iss) => forged('{"alg":"none"}', `{"iss":"${iss}"}`)],
  [
    "an algorithm of a shared key",
    "algorithm_refused",
    (iss) => forged('{"alg":"HS256"}', `{"iss":"${iss}"}`),
  ],
  [
    "an object's method for an algorithm",
    "algorithm_refused",
    (iss) => forged('{"alg":"constructor"}', `{"iss":"${iss}"}`),
  ],
  [
    "a path for a key",
    "key_unknown",
    (iss) => forged('{"alg":"ES256","kid":"../../etc/passwd"}', `{"iss":"${iss}"}`),
  ],
  [
    "a key of 8 KB",
    "header_refused",
    (iss) => forged(`{"alg":"ES256","kid":"${"k".repeat(8192)}"}`, `{"iss":"${iss}"}`),
  ],
];

export const HOSTILE_TOKENS: readonly HostileRequest[] = TOKENS.map(([what, reason, token]) => ({
  ...row(what, 400, (issuer) => post("/oauth2/token", exchangeForm(token(issuer)))),
  reason,
}));
