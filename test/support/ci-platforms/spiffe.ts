import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type ServerHttp2Session } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { AskedRequest, SignToken, SimulatedPlatform } from "./simulated-platform.ts";

const GRPC = "application/grpc";

/**
 * A SPIFFE agent's Workload API: FetchJWTSVID over gRPC on a Unix socket.
 *
 * @param status gRPC's status for every call; PermissionDenied (7) is that of an unknown workload.
 */
export async function startSpiffe(sign: SignToken, status = 0): Promise<SimulatedPlatform> {
  const folder = mkdtempSync(join(tmpdir(), "berth-spiffe-"));
  const socket = join(folder, "agent.sock");
  const requests: AskedRequest[] = [];
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer();
  server.on("session", (session) => sessions.add(session));
  server.on("stream", async (stream, headers) => {
    const frame = await buffer(stream);
    const audience = frame.subarray(7).toString();
    requests.push({ method: "POST", url: String(headers[":path"]), headers: { ...headers }, body: audience });
    const isKnown = headers["workload.spiffe.io"] === "true" && headers["content-type"] === GRPC;
    const told = isKnown ? status : 3;
    if (told !== 0) {
      stream.respond({ "content-type": GRPC, "grpc-status": String(told) }, { endStream: true });
      return;
    }
    stream.respond({ "content-type": GRPC }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(answerFrame(await sign(audience)));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    requests,
    variables: { SPIFFE_ENDPOINT_SOCKET: `unix://${socket}` },
    close: async () => {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

/** `JWTSVIDResponse{svids: [{spiffe_id, svid, hint}]}` in gRPC's frame, by protobuf's rules. */
function answerFrame(svid: string): Buffer {
  const fields = [field(1, "spiffe://acme.example/ci/builder"), field(2, svid), field(3, "")];
  const message = lengthDelimited(1, Buffer.concat(fields));
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

function field(number: number, text: string): Buffer {
  return lengthDelimited(number, Buffer.from(text));
}

function lengthDelimited(number: number, bytes: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = bytes.length; ; rest >>>= 7) {
    length.push(rest < 0x80 ? rest : (rest & 0x7f) | 0x80);
    if (rest < 0x80) break;
  }
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), bytes]);
}
