import { connect, type Socket } from "node:net";

/** What came back for bytes that were sent as they are. */
export interface RawAnswer {
  /** Of the first answer; undefined when the connection ended without one. */
  readonly status: number | undefined;
  readonly text: string;
}

export interface RawOptions {
  readonly port: number;
  /** Sent one after the other, as fast as the server takes them; no tidying up. */
  readonly bytes: Iterable<string | Uint8Array>;
  /** Whether the sending side is ended after the bytes; the answer is then read to the end of the connection. */
  readonly end?: boolean;
  readonly deadlineMs?: number;
}

/**
 * Sends bytes over TCP and reads until an answer is whole by its own head, or the connection ends. Rejects at the
 * deadline: a server that hangs fails a test.
 */
export function sendRaw({ port, bytes, end = false, deadlineMs = 5000 }: RawOptions): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    const finish = () => {
      clearTimeout(deadline);
      socket.destroy();
      resolve({ status: statusOf(text), text });
    };
    const deadline = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no whole answer within ${deadlineMs} ms, but: ${text.slice(0, 500)}`));
    }, deadlineMs);
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      text += chunk;
      if (!end && isWhole(text)) finish();
    });
    // A server may refuse before it has read all: the writer sees a reset then, and the answer is what counts.
    socket.on("error", finish);
    socket.on("close", finish);
    socket.on("connect", () => pour(socket, bytes[Symbol.iterator](), end));
  });
}

function pour(socket: Socket, bytes: Iterator<string | Uint8Array>, end: boolean): void {
  for (;;) {
    const next = bytes.next();
    if (next.done) {
      if (end) socket.end();
      return;
    }
    if (!socket.writable) return;
    if (!socket.write(next.value)) {
      socket.once("drain", () => pour(socket, bytes, end));
      return;
    }
  }
}

function statusOf(text: string): number | undefined {
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1];
  return status === undefined ? undefined : Number(status);
}

/** Whether `text` is an answer with all the body that its head promises. */
function isWhole(text: string): boolean {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd < 0) return false;
  const head = text.slice(0, headEnd).toLowerCase();
  if (/transfer-encoding: *chunked/.test(head)) return text.endsWith("\r\n0\r\n\r\n");
  const length = /content-length: *(\d+)/.exec(head)?.[1];
  return text.length >= headEnd + 4 + Number(length ?? 0);
}
