import type { Context } from "hono";
import { type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";

/** RFC 9110 §8.8.3: one strong entity tag. */
const STRONG_ETAG = /^"([\x21\x23-\x7e]*)"$/;
const WEAK_ETAG = /^W\/"[\x21\x23-\x7e]*"$/;

export function etagOf(version: string): string {
  return `"${version}"`;
}

/**
 * The condition of If-Match (RFC 9110 §13.1.1): the version within a strong tag, or `*`. A weak tag never matches
 * here, as that section has it; a list of tags is refused, since a writer knows the one version that it read.
 */
export function readIfMatch(
  c: Context,
): Result<string | undefined, Rejection<"request_malformed" | "precondition_failed">> {
  const header = c.req.header("if-match")?.trim();
  if (header === undefined || header === "*") return ok(header);
  const version = STRONG_ETAG.exec(header)?.[1];
  if (version !== undefined) return ok(version);
  return WEAK_ETAG.test(header)
    ? err(rejection("precondition_failed", "a weak tag matches nothing"))
    : err(rejection("request_malformed", "If-Match must be one quoted ETag, or *"));
}
