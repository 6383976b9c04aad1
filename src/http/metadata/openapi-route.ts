import type { Handler } from "hono";
import type { AppDeps, AppEnv } from "../deps.ts";
import { openApiDocument } from "./openapi-document.ts";

/** `GET /openapi.json`. The document is made once, when it is asked for first. */
export function openApiRoute({ publicUrl }: Pick<AppDeps, "publicUrl">): Handler<AppEnv> {
  let text: string | undefined;
  return (c) => {
    text ??= JSON.stringify(openApiDocument(publicUrl));
    return c.body(text, 200, { "Content-Type": "application/json", "Cache-Control": "public, max-age=60" });
  };
}
