import type { Context } from "hono";
import { err, ok, type Result } from "../domain/result.ts";

/** A request's body as text, read to `maxBytes` and no further, whatever Content-Length says or does not say. */
export async function readBoundedText(
  c: Context,
  maxBytes: number,
): Promise<Result<string, "too_large" | "incomplete">> {
  const declared = c.req.header("content-length");
  if (Number(declared ?? 0) > maxBytes) return err("too_large");
  try {
    // The server ends a body at its Content-Length.
    if (declared !== undefined) return ok(await c.req.text());
    const { body } = c.req.raw;
    return body === null ? ok("") : await readStream(body, maxBytes);
  } catch {
    // A body's stream fails for a connection that ended too early: the client's doing, and no fault to wake anyone.
    return err("incomplete");
  }
}

/** A body of unknown length (chunked). */
async function readStream(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
): Promise<Result<string, "too_large">> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return err("too_large");
    text += decoder.decode(chunk, { stream: true });
  }
  return ok(text + decoder.decode());
}
