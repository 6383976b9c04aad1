import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { ChangeContext } from "../../usecases/management/change-context.ts";
import { requestContext } from "../context.ts";
import type { AppDeps, AppEnv } from "../deps.ts";
import { authorizationFault } from "./authorize.ts";
import { etagOf, readIfMatch } from "./etag.ts";
import { findingOnTheWire } from "./finding-shape.ts";
import { managementErrorResponse } from "./management-error.ts";
import { issueSentence, type ReadFault, readBody } from "./read-body.ts";
import type {
  ManagementAnswer,
  ManagementRefusal,
  ManagementRequest,
  ManagementRoute,
  ObjectSchema,
  RouteSource,
} from "./route-definition.ts";
import { statusOf, takesCondition } from "./route-errors.ts";

/** A route for the table. Its types end here: what the handler sees has been parsed by the route's own schemas. */
export function defineRoute<Params, Query, Body, Place>(
  source: RouteSource<Params, Query, Body, Place>,
): ManagementRoute {
  const { namespace, handle: _, ...facts } = source;
  return {
    ...facts,
    namespaceKind: namespace.kind,
    answer: async (deps, c) => {
      const request = await readRequest(c, source);
      if (!request.ok) return refuse(deps, c, source, request.error.rejected, request.error.status);
      const answer = await source.handle(deps, request.value);
      if (!answer.ok) return refuse(deps, c, source, answer.error);
      // With the headers that the middleware has set.
      if (answer.value instanceof Response) return c.newResponse(answer.value.body, answer.value);
      return write(c, source, answer.value);
    },
  };
}

/** The body last: a caller without rights cannot make Berth read a megabyte. */
async function readRequest<Params, Query, Body, Place>(
  c: Context<AppEnv>,
  source: RouteSource<Params, Query, Body, Place>,
): Promise<Result<ManagementRequest<Params, Query, Body, Place>, ReadFault>> {
  const caller = c.get("caller");
  const params = parse(source.params, c.req.param(), "name_malformed");
  if (!params.ok) return params;
  const query = parse(source.query, c.req.query(), "request_malformed");
  if (!query.ok) return query;
  const place = source.namespace.find({ params: params.value, query: query.value, caller });
  if (!place.ok) return err({ rejected: place.error });
  const namespace = typeof place.value === "string" ? place.value : undefined;
  const fault = authorizationFault(caller, source, source.namespace.kind, namespace);
  if (fault !== undefined) return err({ rejected: fault });
  // Where no object has a version, there is nothing that the condition could be about.
  const ifMatch = takesCondition(source) ? readIfMatch(c) : ok(undefined);
  if (!ifMatch.ok) return err({ rejected: ifMatch.error });
  const read =
    source.body === undefined
      ? ok({ body: absent<Body>(), written: undefined })
      : await readBody(c, source.body);
  if (!read.ok) return read;
  return ok({
    params: params.value,
    query: query.value,
    ...read.value,
    accept: c.req.header("accept") ?? "",
    caller,
    namespace: place.value,
    context: changeContext(c, ifMatch.value),
  });
}

function changeContext(c: Context<AppEnv>, ifMatch: string | undefined): ChangeContext {
  const context = { ...requestContext(c), caller: c.get("caller") };
  return ifMatch === undefined ? context : { ...context, ifMatch };
}

function parse<Value>(
  schema: ObjectSchema<Value> | undefined,
  value: unknown,
  reason: "name_malformed" | "request_malformed",
): Result<Value, ReadFault> {
  if (schema === undefined) return ok(absent<Value>());
  const read = schema.safeParse(value);
  return read.success ? ok(read.data) : err({ rejected: rejection(reason, issueSentence(read.error)) });
}

function refuse(
  deps: AppDeps,
  c: Context<AppEnv>,
  route: Pick<ManagementRoute, "namedInBody">,
  rejected: ManagementRefusal,
  status: ContentfulStatusCode = statusOf(route, rejected.reason),
): Response {
  const { findings, problems, objects } = rejected;
  const members = {
    ...(findings && { findings: findings.map(findingOnTheWire) }),
    ...(problems && { problems }),
    ...(objects && { objects }),
  };
  return managementErrorResponse(c, deps.publicUrl, rejected, { status, members });
}

/** What a route without a schema reads: nothing. No schema gives the handler's type any form, so it uses none. */
function absent<Value>(): Value {
  return undefined as Value;
}

function write(
  c: Context<AppEnv>,
  { success }: Pick<ManagementRoute, "success">,
  { body, version }: ManagementAnswer,
): Response {
  if (version !== undefined) c.header("ETag", etagOf(version));
  const { status } = success;
  return body === undefined || status === 204 ? c.body(null, status) : c.json(body, status);
}
