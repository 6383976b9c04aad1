import type { OpenAPIHono } from "@hono/zod-openapi";

/** OpenAPI 3.1 (JSON Schema 2020-12). */
export type OpenApiDocument = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;
export type OpenApiPaths = NonNullable<OpenApiDocument["paths"]>;
