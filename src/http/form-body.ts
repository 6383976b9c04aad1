import type { Context } from "hono";
import { err, ok, type Result } from "../domain/result.ts";
import { readBoundedText } from "./bounded-body.ts";

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
 * A form body. `URLSearchParams` keeps repeated fields, which Hono's own parser drops: skopeo repeats `scope`.
 */
export async function readForm(c: Context): Promise<Result<URLSearchParams, FormProblem>> {
  const contentType = (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (contentType !== "application/x-www-form-urlencoded") return err("unsupported_media_type");
  const text = await readBoundedText(c, MAX_FORM_BYTES);
  return text.ok ? ok(new URLSearchParams(text.value)) : text;
}

/** The names among `names` that stand more than once: RFC 6749 §3.2 forbids it, since two readers could take two values. */
export function repeatedParameter(form: URLSearchParams, names: readonly string[]): string | undefined {
  return names.find((name) => form.getAll(name).length > 1);
}
