import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type * as z from "zod";
import { isJsonObject, type JsonValue, parseStrictJson } from "../../domain/identity/strict-json.ts";
import { type ManagementReason, type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { readBoundedText } from "../bounded-body.ts";
import type { RequestBody } from "./route-definition.ts";

/** Quay's ROBOT_MAX_SIZE. */
const MAX_BODY_BYTES = 1024 * 1024;

/** A request that could not be read, and the status where that is not 400. */
export interface ReadFault {
  readonly rejected: Rejection<ManagementReason>;
  readonly status?: ContentfulStatusCode;
}

/** A body that was read. */
export interface ReadBody<Body> {
  readonly body: Body;
  /** As it was written, with the digits of its numbers; undefined: there was none. */
  readonly written: JsonValue | undefined;
}

/**
 * The body, as its schema has it. JSON without a content type is taken, as Quay takes it; another content type is
 * not. Two members of one name are refused, since whoever looked at the request before may have read the other.
 */
export async function readBody<Body>(
  c: Context,
  { schema, optional, maxBytes = MAX_BODY_BYTES }: RequestBody<Body>,
): Promise<Result<ReadBody<Body>, ReadFault>> {
  const text = await readBoundedText(c, maxBytes);
  if (!text.ok) {
    return text.error === "too_large"
      ? malformed(`the body is larger than ${maxBytes} bytes`, 413)
      : malformed("the body ended too early");
  }
  if (text.value.trim() === "")
    return optional ? parsed(schema, {}, undefined) : malformed("Missing JSON body");
  if (!isJson(c.req.header("content-type"))) return malformed("the body must be JSON", 415);
  const written = parseStrictJson(text.value);
  if (written === undefined) {
    return malformed("the body is not JSON, or it is too deep, or it has two members of one name");
  }
  // zod leaves a member of this name out without a word: a rule would lose a condition.
  if (hasMember(written, "__proto__")) return malformed("__proto__ is not a field");
  return parsed(schema, JSON.parse(text.value), written);
}

function isJson(contentType: string | undefined): boolean {
  return contentType === undefined || /^application\/(?:[\w.-]+\+)?json *(?:;|$)/i.test(contentType);
}

function hasMember(value: JsonValue, name: string): boolean {
  if (isJsonObject(value))
    return value.has(name) || [...value.values()].some((inner) => hasMember(inner, name));
  return Array.isArray(value) && value.some((inner) => hasMember(inner, name));
}

function parsed<Body>(
  schema: z.ZodType<Body>,
  value: unknown,
  written: JsonValue | undefined,
): Result<ReadBody<Body>, ReadFault> {
  const read = schema.safeParse(value);
  return read.success ? ok({ body: read.data, written }) : malformed(issueSentence(read.error));
}

/** The first fault, with the way to it: `rules.0.subject: …`. */
export function issueSentence(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return "it is not what was expected";
  return issue.path.length === 0 ? issue.message : `${issue.path.join(".")}: ${issue.message}`;
}

function malformed(detail: string, status?: ContentfulStatusCode): Result<never, ReadFault> {
  const rejected = rejection("request_malformed", detail);
  return err(status === undefined ? { rejected } : { rejected, status });
}
