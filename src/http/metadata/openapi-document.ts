import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from "@asteasolutions/zod-to-openapi";
import * as z from "zod";
import type { ManagementReason } from "../../domain/rejection.ts";
import type { ManagementRoute } from "../management/route-definition.ts";
import { errorStatusesOf, takesCondition } from "../management/route-errors.ts";
import { MANAGEMENT_ROUTES } from "../management/route-table.ts";
import { errorExample, managementErrorSchema } from "./error-schema.ts";
import { EXCHANGE_PATHS } from "./exchange-paths.ts";
import type { OpenApiDocument } from "./openapi-type.ts";

type Responses = RouteConfig["responses"];

const JSON_LINES = "application/x-ndjson";

/**
 * The document of every route, made from the table that serves them. The library makes the document only: its own
 * validators would refuse a body without a content type, which Quay's clients send.
 */
export function openApiDocument(publicUrl: string): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  registry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    description: "An API token, `bra_...`: made by an operator, or earned by an identity token.",
  });
  registry.registerComponent("securitySchemes", "basic", {
    type: "http",
    scheme: "basic",
    description:
      "A robot account and its password: a credential, a robot token, or an identity token to exchange.",
  });
  for (const route of MANAGEMENT_ROUTES) registry.registerPath(documentedRoute(route, publicUrl));
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: "3.1.0",
    info: {
      title: "Berth",
      version: "1",
      description: "Registry credentials for CI jobs that show an OIDC identity token, and their management.",
      license: { name: "Apache-2.0" },
    },
    servers: [{ url: publicUrl }],
  });
  return { ...document, paths: { ...EXCHANGE_PATHS, ...document.paths } };
}

function documentedRoute(route: ManagementRoute, publicUrl: string): RouteConfig {
  const { method, path, tag, operationId, summary, description, scopes } = route;
  return {
    method,
    path: `/api/v1${path}`,
    tags: [tag],
    operationId,
    summary,
    ...(description === undefined ? {} : { description }),
    security: [{ bearer: [] }],
    "x-required-scopes": scopes === "any" ? [] : [...scopes],
    "x-exchanged-token": route.exchanged,
    request: documentedRequest(route),
    responses: { ...successResponse(route), ...errorResponses(route, publicUrl) },
  };
}

function documentedRequest(route: ManagementRoute): NonNullable<RouteConfig["request"]> {
  const { params, query, body } = route;
  const headers = z.object({
    "If-Match": z
      .string()
      .optional()
      .meta({ description: "The ETag that was read: refused when it has changed." }),
  });
  return {
    params,
    ...(query === undefined ? {} : { query }),
    ...(takesCondition(route) ? { headers } : {}),
    ...(body === undefined
      ? {}
      : {
          body: {
            required: body.optional !== true,
            content: { "application/json": { schema: body.schema, example: body.example } },
          },
        }),
  };
}

function successResponse({ success }: ManagementRoute): Responses {
  const { status, description, schema, example, lines, hasVersion } = success;
  const { contentType = "application/json" } = success;
  return {
    [status]: {
      description,
      ...(hasVersion ? { headers: header("ETag", "The version, for If-Match.") } : {}),
      ...(schema === undefined
        ? {}
        : { content: { [contentType]: { schema, example }, ...(lines && { [JSON_LINES]: lines }) } }),
    },
  };
}

/** A status stands for several reasons: each is named, and the first of them is the example. */
function errorResponses(route: ManagementRoute, publicUrl: string): Responses {
  const responses = [...errorStatusesOf(route)].map(([status, reasons]) => [
    status,
    {
      description: reasons.map((reason) => `\`${reason}\``).join(", "),
      ...headersOf(status),
      content: {
        "application/json": { schema: managementErrorSchema, ...exampleOf(publicUrl, status, reasons) },
      },
    },
  ]);
  return Object.fromEntries(responses);
}

function exampleOf(publicUrl: string, status: number, [reason]: readonly ManagementReason[]) {
  return reason === undefined ? {} : { example: errorExample(publicUrl, reason, status) };
}

function headersOf(status: number) {
  if (status === 401) return { headers: header("WWW-Authenticate", "RFC 6750 §3.") };
  if (status === 429 || status === 503) return { headers: header("Retry-After", "Seconds.") };
  return {};
}

function header(name: string, description: string) {
  return { [name]: { description, schema: { type: "string" as const } } };
}
