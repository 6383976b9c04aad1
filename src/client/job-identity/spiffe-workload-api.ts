import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import { createConnection, type Socket } from "node:net";
import { err, ok, type Result } from "../../domain/result.ts";
import { parseUrl } from "../parse-url.ts";
import { readField, stringField } from "./protobuf.ts";

/** SPIFFE Workload API: the one call that a client of JWTs needs, gRPC over HTTP/2 without TLS. */
const PATH = "/SpiffeWorkloadAPI/FetchJWTSVID";
const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;
/** `JWTSVIDRequest.audience`, `JWTSVIDResponse.svids`, `JWTSVID.svid`. */
const AUDIENCE_FIELD = 1;
const SVIDS_FIELD = 1;
const SVID_FIELD = 2;

/**
 * A JWT-SVID for `audience`; the first one, where the workload has several identities. Else why not, in words.
 *
 * @param endpoint SPIFFE_ENDPOINT_SOCKET: `unix:///path`, or `tcp://ADDRESS:PORT`.
 */
export async function fetchJwtSvid(endpoint: string, audience: string): Promise<Result<string, string>> {
  // Loaded where it is needed, since few jobs need it.
  const { connect } = await import("node:http2");
  const socket = socketOf(endpoint);
  if (socket === undefined) return err("it is neither unix:///path nor tcp://address:port");
  const session = connect("http://localhost", { createConnection: () => socket });
  try {
    const message = await call(session, requestFrame(audience));
    const svid = readField(readField(message, SVIDS_FIELD), SVID_FIELD);
    return svid === undefined
      ? err("it has no identity for this workload")
      : ok(new TextDecoder().decode(svid));
  } catch (fault) {
    return err(fault instanceof CallRefused ? fault.message : `it cannot be reached (${codeOf(fault)})`);
  } finally {
    session.destroy();
  }
}

class CallRefused extends Error {}

function socketOf(endpoint: string): Socket | undefined {
  const url = parseUrl(endpoint);
  if (url?.protocol === "unix:" && url.pathname !== "")
    return createConnection(decodeURIComponent(url.pathname));
  if (url?.protocol !== "tcp:" || url.port === "") return undefined;
  return createConnection(Number(url.port), url.hostname.replace(/^\[|\]$/g, ""));
}

/** gRPC's frame: not compressed, four bytes of length, the message. */
function requestFrame(audience: string): Uint8Array {
  const message = stringField(AUDIENCE_FIELD, audience);
  const frame = new Uint8Array(5 + message.length);
  new DataView(frame.buffer).setUint32(1, message.length);
  frame.set(message, 5);
  return frame;
}

function call(session: ClientHttp2Session, frame: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    session.on("error", reject);
    const stream = session.request({
      ":method": "POST",
      ":path": PATH,
      "content-type": "application/grpc",
      te: "trailers",
      // Without it an agent refuses: so that no browser or proxy can be made to ask.
      "workload.spiffe.io": "true",
    });
    stream.setTimeout(TIMEOUT_MS, () => stream.destroy(new CallRefused("it did not answer in time")));
    stream.on("error", reject);
    readMessage(stream).then(resolve, reject);
    stream.end(frame);
  });
}

async function readMessage(stream: ClientHttp2Stream): Promise<Uint8Array> {
  let status: unknown;
  // A refusal has its status in the headers, an answer in the trailers.
  for (const event of ["response", "trailers"]) {
    stream.on(event, (headers) => {
      status = headers["grpc-status"] ?? status;
    });
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > MAX_ANSWER_BYTES) throw new CallRefused("its answer has no end");
  }
  if (status !== undefined && String(status) !== "0")
    throw new CallRefused(`it refused with gRPC status ${status}`);
  const [isCompressed] = chunks[0] ?? [1];
  if (size < 5 || isCompressed !== 0) throw new CallRefused("its answer is not one of a Workload API");
  return new Uint8Array(Buffer.concat(chunks).subarray(5));
}

/** A stream that is cancelled has the session's own fault for its cause. */
function codeOf(fault: unknown): string {
  if (!(fault instanceof Error)) return "unknown";
  if (fault.cause !== undefined) return codeOf(fault.cause);
  return "code" in fault ? String(fault.code) : fault.name;
}
