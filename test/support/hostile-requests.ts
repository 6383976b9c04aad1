import { SERVICE } from "./baseline.ts";
import { formOf, ID_TOKEN, TOKEN_EXCHANGE } from "./requests.ts";

const FORM = "Content-Type: application/x-www-form-urlencoded";

function request(
  line: string,
  headers: readonly string[] = [],
  body: string | Uint8Array = "",
): (string | Uint8Array)[] {
  return [[`${line} HTTP/1.1`, "Host: berth.example.com", ...headers, "", ""].join("\r\n"), body];
}

/** A form as it stands on the wire. */
export function post(path: string, body: string | Uint8Array, headers: readonly string[] = [FORM]) {
  return request(`POST ${path}`, [...headers, `Content-Length: ${Buffer.byteLength(body)}`], body);
}

/** The form of an exchange. */
export function exchangeForm(subjectToken: string): string {
  return String(
    formOf({
      grant_type: TOKEN_EXCHANGE,
      subject_token: subjectToken,
      subject_token_type: ID_TOKEN,
      robot: "acme+builder",
    }),
  );
}

function* chunked(head: readonly string[], chunk: string, count: number) {
  yield [...head, "Host: berth.example.com", FORM, "Transfer-Encoding: chunked", "", ""].join("\r\n");
  for (let sent = 0; sent < count; sent += 1) yield `${chunk.length.toString(16)}\r\n${chunk}\r\n`;
  yield "0\r\n\r\n";
}

function* blocks(head: (string | Uint8Array)[], block: string, count: number) {
  yield* head;
  for (let sent = 0; sent < count; sent += 1) yield block;
}

const BLOCK = "x".repeat(64 * 1024);
const DOTS = ".".repeat(64 * 1024);
const TEN_MB = 160;
const OVER = `POST /oauth2/token HTTP/1.1`;

/** One request as it stands on the wire, and how it is answered. */
export interface HostileRequest {
  readonly what: string;
  /** By the URL of an issuer that the server trusts. */
  readonly bytes: (issuer: string) => Iterable<string | Uint8Array>;
  /** The statuses that it may be answered with; undefined: the connection just ends. */
  readonly status: readonly (number | undefined)[];
  readonly end?: boolean;
  /** The answer's reason, where that is what matters. */
  readonly reason?: string;
}

/** @param end Whether the client ends its side of the connection after the bytes. */
export const row = (
  what: string,
  status: number | readonly (number | undefined)[],
  bytes: HostileRequest["bytes"],
  end = false,
): HostileRequest => ({
  what,
  bytes,
  status: typeof status === "number" ? [status] : status,
  end,
});

/** What a form route is sent. */
export const HOSTILE_BODIES: readonly HostileRequest[] = [
  row("JSON", 415, () => post("/oauth2/token", '{"grant_type":"x"}', ["Content-Type: application/json"])),
  row("no content type", 415, () => post("/oauth2/token", "grant_type=x", [])),
  row("two content types", 415, () =>
    post("/oauth2/token", "grant_type=x", ["Content-Type: text/plain", FORM]),
  ),
  row("no body", 400, () => request("POST /oauth2/token", [FORM, "Content-Length: 0"])),
  row("10 MB by Content-Length", 413, () =>
    blocks(request("POST /oauth2/token", [FORM, `Content-Length: ${TEN_MB * BLOCK.length}`]), BLOCK, TEN_MB),
  ),
  row("10 MB of dots", 413, () =>
    blocks(
      request("POST /oauth2/token", [FORM, `Content-Length: ${TEN_MB * DOTS.length + 14}`], "subject_token="),
      DOTS,
      TEN_MB,
    ),
  ),
  row("10 MB in chunks", 413, () => chunked([OVER], BLOCK, TEN_MB)),
  row("10 MB in chunks at the registry's route", 413, () =>
    chunked(["POST /v2/auth HTTP/1.1"], BLOCK, TEN_MB),
  ),
  row("one byte over the bound", 413, () => post("/oauth2/token", "x".repeat(64 * 1024 + 1))),
  row("as much as may be", 400, () => post("/oauth2/token", "x".repeat(64 * 1024))),
  row("a thousand chunks of a byte", 400, () => chunked([OVER], "x", 1000)),
  row("a chunk of no length", 400, () =>
    request("POST /oauth2/token", [FORM, "Transfer-Encoding: chunked"], "zz\r\nx\r\n"),
  ),
  row("a chunk that is too long to be", 400, () =>
    request("POST /oauth2/token", [FORM, "Transfer-Encoding: chunked"], `${"f".repeat(40)}\r\nx\r\n`),
  ),
  row("Content-Length beside chunks", 400, () =>
    request("POST /oauth2/token", [FORM, "Content-Length: 4", "Transfer-Encoding: chunked"], "0\r\n\r\n"),
  ),
  row("two lengths", 400, () =>
    request("POST /oauth2/token", [FORM, "Content-Length: 1", "Content-Length: 2"], "xx"),
  ),
  row("a negative length", 400, () => request("POST /oauth2/token", [FORM, "Content-Length: -1"])),
  row("a length of no number", 400, () => request("POST /oauth2/token", [FORM, "Content-Length: abc"])),
  row("gzip", 400, () => post("/oauth2/token", "grant_type=x", [FORM, "Content-Encoding: gzip"])),
  row("invalid UTF-8", 400, () => post("/oauth2/token", Buffer.from([0x72, 0x3d, 0xff, 0xfe, 0xc0, 0x80]))),
  row("invalid percent sequences", 400, () =>
    post("/oauth2/token", "grant_type=%&robot=%zz&scope=%C0%80&x=%u0041"),
  ),
  row("NUL", 400, () => post("/oauth2/token", "grant_type=\0&robot=%00")),
  row("32 000 parameters", 400, () => post("/oauth2/token", "a&".repeat(32_000))),
  row("a parameter like a prototype", 400, () =>
    post("/oauth2/token", "__proto__=x&constructor=y&__proto__[a]=b"),
  ),
  row("every parameter twice", 400, () =>
    post("/oauth2/token", `${exchangeForm("a.b.c")}&${exchangeForm("a.b.c")}`),
  ),
  row("a registry's form twice", 400, () => post("/v2/auth", "grant_type=password&grant_type=password")),
  row("a revocation of two tokens", 400, () => post("/oauth2/revoke", "token=a&token=b")),
];

/** What stands before a body. */
export const HOSTILE_HEADS: readonly HostileRequest[] = [
  row("no HTTP at all", 400, () => ["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"], true),
  row("an empty line and nothing more", [undefined, 400], () => ["\r\n\r\n"], true),
  row("nothing", [undefined], () => [""], true),
  row("half a head", [undefined, 400], () => ["POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-"], true),
  row(
    "half a body",
    [undefined, 400],
    () => request("POST /oauth2/token", [FORM, "Content-Length: 100"], "grant_type="),
    true,
  ),
  row(
    "half a chunk",
    [undefined, 400],
    () => request("POST /oauth2/token", [FORM, "Transfer-Encoding: chunked"], "ff\r\ngrant"),
    true,
  ),
  row("32 KiB in one header", 431, () =>
    request("GET /v2/auth", [`Authorization: Basic ${"A".repeat(32 * 1024)}`]),
  ),
  row("32 KiB of a path", 431, () => request(`GET /${"a".repeat(32 * 1024)}`)),
  row("2 000 headers", 431, () =>
    request(
      "GET /healthz",
      Array.from({ length: 2000 }, (_, at) => `X-${at}: y`),
    ),
  ),
  row("a header with NUL", 400, () => request("GET /healthz", ["X-A: b\0c"])),
  row("a header with a bare line feed", 400, () => request("GET /healthz", ["X-A: b\n c\r\rd"])),
  row("a header name with a space", 400, () => request("GET /healthz", ["X A: b"])),
  row("an Authorization of other letters", 401, () =>
    request(`GET /v2/auth?service=${SERVICE}`, ["Authorization: Basic \xe9\xff"]),
  ),
  row("two Authorizations", 401, () =>
    request(`GET /v2/auth?service=${SERVICE}`, ["Authorization: Basic YTpi", "Authorization: Basic Yzpk"]),
  ),
  row("a Host that is none", 400, () => ["GET /healthz HTTP/1.1\r\nHost: a b/c?d\r\n\r\n"]),
  row("a Host with user name", 400, () => ["GET /healthz HTTP/1.1\r\nHost: evil@x\r\n\r\n"]),
  row("no Host", 400, () => ["GET /healthz HTTP/1.1\r\n\r\n"]),
  row("HTTP/1.0", 200, () => ["GET /healthz HTTP/1.0\r\nHost: x\r\n\r\n"]),
  row("HTTP/2 without being asked", 400, () => ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]),
  row("HTTP/9.9", 400, () => ["GET /healthz HTTP/9.9\r\nHost: x\r\n\r\n"]),
  row("an Expect that nobody knows", 417, () => request("GET /healthz", ["Expect: a miracle"])),
  row("an upgrade", 200, () => request("GET /healthz", ["Connection: Upgrade", "Upgrade: websocket"])),
];

/** Request lines. */
export const HOSTILE_TARGETS: readonly HostileRequest[] = [
  row("an absolute form", 200, () => request("GET http://evil.example.org/healthz")),
  row("an absolute form of another scheme", 400, () => request("GET ftp://evil.example.org/healthz")),
  row("an absolute form of no URL", 400, () => request("GET http://[/healthz")),
  row("an asterisk", 400, () => request("OPTIONS *")),
  row("CONNECT", [undefined], () => request("CONNECT evil.example.org:443")),
  row("a method of no standard", 400, () => request("MINT /oauth2/token")),
  row("TRACE", 405, () => request("TRACE /oauth2/token")),
  row("two slashes", 404, () => request("GET //v2/auth")),
  row("dots that climb", 200, () => request("GET /v2/../v2/auth/../../healthz")),
  row("dots that climb, encoded", 200, () => request("GET /v2/%2e%2e/healthz")),
  row("dots that climb out", 404, () => request("GET /../../../../etc/passwd")),
  row("a backslash", 400, () => request("GET /v2\\auth")),
  row("invalid percent sequences", 404, () => request("GET /%zz%/%c0%af")),
  row("invalid percent sequences in the query", 400, () => request("GET /v2/auth?service=%zz&scope=%c0%80%")),
  row("NUL in the path", 404, () => request("GET /v2/auth%00")),
  row("a fragment", 200, () => request("GET /healthz#x")),
  row("bytes that are no ASCII", 400, () => [
    Buffer.from("GET /v2/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n", "latin1"),
  ]),
];
