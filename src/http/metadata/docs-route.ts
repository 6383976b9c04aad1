import type { Handler } from "hono";
import { raw } from "hono/html";
import type { AppDeps, AppEnv } from "../deps.ts";
import { docsPage } from "./docs-page.ts";
import { DOCS_STYLE } from "./docs-style.ts";
import { openApiDocument } from "./openapi-document.ts";

/** `GET /docs`: the document to read. It is made once, when it is asked for first. */
export function docsRoute({ publicUrl }: Pick<AppDeps, "publicUrl">): Handler<AppEnv> {
  // The value and not its promise, which on Workers no other request may await.
  let made: { readonly page: string; readonly policy: string } | undefined;
  return async (c) => {
    made ??= await make(publicUrl);
    const { page, policy } = made;
    return c.html(page, 200, {
      "Content-Security-Policy": policy,
      "Referrer-Policy": "no-referrer",
      "Cache-Control": "public, max-age=60",
    });
  };
}

async function make(publicUrl: string) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(DOCS_STYLE));
  const hash = btoa(String.fromCharCode(...new Uint8Array(digest)));
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  // The style sheet is ours and holds nothing of anybody's: escaped, its hash would be another.
  const page = await docsPage(openApiDocument(publicUrl), raw(DOCS_STYLE));
  return { page: page.toString(), policy };
}
