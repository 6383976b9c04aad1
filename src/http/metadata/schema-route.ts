import type { Handler } from "hono";
import { declarationJsonSchema } from "../../config/declaration-schema.ts";
import type { AppEnv } from "../deps.ts";

/** `GET /schema/berth.schema.json`: what this release takes for a declaration file, for editors. */
export function schemaRoute(): Handler<AppEnv> {
  const schema = JSON.stringify(declarationJsonSchema());
  return (c) => c.body(schema, 200, { "Content-Type": "application/schema+json" });
}
