import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import { ERROR_TYPES } from "../management/management-error.ts";
import { type DocumentedOperation, operationsByTag } from "./documented-operation.ts";
import type { OpenApiDocument } from "./openapi-type.ts";

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** The document as one page to read: no script, nothing from elsewhere, an anchor for each operation and error type. */
export function docsPage(document: OpenApiDocument, style: Html): Html {
  const tags = [...operationsByTag(document)];
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Berth: API</title>
<style>${style}</style>
</head>
<body>
<h1>Berth: API</h1>
<p>${document.info.description}
The same for programs: <a href="openapi.json">openapi.json</a> (OpenAPI ${document.openapi}).</p>
<nav aria-label="Operations"><ul>${tags.map(contents)}<li><a href="#errors">Errors</a></li></ul></nav>
<main>
${tags.map(section)}
<section aria-labelledby="errors">
<h2 id="errors">Errors</h2>
<p>A refusal of the management API names its kind in <code>error_type</code>, and itself in <code>reason</code>.</p>
<dl>${Object.entries(ERROR_TYPES).map(errorType)}</dl>
</section>
</main>
</body>
</html>`;
}

function contents([tag, operations]: readonly [string, readonly DocumentedOperation[]]): Html {
  const entries = operations.map(({ id, summary }) => html`<li><a href="#${id}">${summary}</a></li>`);
  return html`<li><a href="#tag-${tag}">${tag}</a><ul>${entries}</ul></li>`;
}

function section([tag, operations]: readonly [string, readonly DocumentedOperation[]]): Html {
  return html`<section aria-labelledby="tag-${tag}">
<h2 id="tag-${tag}">${tag}</h2>
${operations.map(operation)}
</section>`;
}

function operation(one: DocumentedOperation): Html {
  return html`<article id="${one.id}">
<h3><a href="#${one.id}">${one.summary}</a></h3>
<p class="path"><code><span class="method">${one.method}</span> ${one.path}</code></p>
${one.description === undefined ? "" : html`<p>${prose(one.description)}</p>`}
${one.access === undefined ? "" : html`<p>${one.access}</p>`}
${one.fields.length === 0 ? "" : fieldTable(one)}
${one.requestExample === undefined ? "" : html`<p>Request:</p><pre>${pretty(one.requestExample)}</pre>`}
<table>
<thead><tr><th scope="col">Answer</th><th scope="col">Meaning</th></tr></thead>
<tbody>${one.answers.map(({ status, description }) => html`<tr><td>${status}</td><td>${prose(description)}</td></tr>`)}</tbody>
</table>
${one.answerExample === undefined ? "" : html`<pre>${pretty(one.answerExample)}</pre>`}
</article>`;
}

function fieldTable({ fields }: DocumentedOperation): Html {
  const rows = fields.map(
    ({ name, place, required, description }) =>
      html`<tr><td><code>${name}</code></td><td>${place}${required ? ", required" : ""}</td><td>${prose(description)}</td></tr>`,
  );
  return html`<table>
<thead><tr><th scope="col">Field</th><th scope="col">Where</th><th scope="col">Meaning</th></tr></thead>
<tbody>${rows}</tbody>
</table>`;
}

function errorType([type, sentence]: readonly [string, string]): Html {
  return html`<dt id="${type}">${type}</dt><dd>${sentence}</dd>`;
}

/** What stands between backticks as code. */
function prose(text: string): readonly (string | Html)[] {
  return text.split("`").map((part, at) => (at % 2 === 0 ? part : html`<code>${part}</code>`));
}

function pretty(example: unknown): string {
  return JSON.stringify(example, null, 2);
}
