import type { OpenApiGeneratorV31 } from "@asteasolutions/zod-to-openapi";

/** OpenAPI 3.1 (JSON Schema 2020-12). */
export type OpenApiDocument = ReturnType<OpenApiGeneratorV31["generateDocument"]>;
export type OpenApiPaths = NonNullable<OpenApiDocument["paths"]>;
