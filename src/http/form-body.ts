import type { Context } from "hono";
import { err, ok, type Result } from "../domain/result.ts";

/** The largest identity token, percent-encoded at worst, and the other parameters. */
const MAX_FORM_BYTES = 64 * 1024;

export type FormProblem = "unsupported_media_type" | "too_large" | "incomplete";

/** The status of each, on every route that takes a form. */
export const FORM_PROBLEM_STATUS = {
  unsupported_media_type: 415,
  too_large: 413,
  incomplete: 400,
} as const satisfies Record<FormProblem, number>;

/**
 * A form body, read to its bound and no further, whatever Content-Length says or does not say. `URLSearchParams`
 * keeps repeated fields, which Hono's own parser drops: skopeo repeats `scope`.
 */
export async function readForm(c: Context): Promise<Result<URLSearchParams, FormProblem>> {
  const contentType = (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (contentType !== "application/x-www-form-urlencoded") return err("unsupported_media_type");
  if (Number(c.req.header("content-length") ?? 0) > MAX_FORM_BYTES) return err("too_large");
  try {
    const text = await readText(c);
    return text === undefined ? err("too_large") : ok(new URLSearchParams(text));
  } catch {
    // A body's stream fails for a connection that ended too early: the client's doing, and no fault to wake anyone.
    return err("incomplete");
  }
}

async function readText(c: Context): Promise<string | undefined> {
  if (c.req.header("content-length") !== undefined) return c.req.text();
  const { body } = c.req.raw;
  return body === null ? "" : readBounded(body);
}

/** A body of unknown length (chunked); undefined once it is over the bound. */
async function readBounded(body: ReadableStream<Uint8Array>): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_FORM_BYTES) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The names among `names` that stand more than once: RFC 6749 §3.2 forbids it, since two readers could take two values. */
export function repeatedParameter(form: URLSearchParams, names: readonly string[]): string | undefined {
  return names.find((name) => form.getAll(name).length > 1);
}
