import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ERROR_TYPES } from "../../../src/http/management/management-error.ts";
import { reasonsOf } from "../../../src/http/management/route-errors.ts";
import { MANAGEMENT_ROUTES } from "../../../src/http/management/route-table.ts";
import { DOCS_STYLE } from "../../../src/http/metadata/docs-style.ts";
import { openApiDocument } from "../../../src/http/metadata/openapi-document.ts";
import { PUBLIC_URL } from "../../support/baseline.ts";
import { startTestBerth, type TestBerth } from "../../support/berth-app.ts";
import { answerOf } from "../../support/requests.ts";

let berth: TestBerth;
beforeAll(async () => {
  berth = await startTestBerth();
});
afterAll(() => berth.close());

const METHODS = ["get", "put", "post", "delete", "patch"] as const;
const document = openApiDocument(PUBLIC_URL);
const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  METHODS.flatMap((method) => {
    const operation = item[method];
    return operation === undefined ? [] : [{ path, method, operation, id: operation.operationId ?? "" }];
  }),
);

function operationOf(id: string) {
  const found = operations.find((one) => one.id === id);
  if (found === undefined) throw new Error(`${id} is not in the document`);
  return found;
}

describe("the document", () => {
  it("is served as it is made, as OpenAPI 3.1", async () => {
    const answer = await answerOf(await berth.app.request("/openapi.json"));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.body).toEqual(JSON.parse(JSON.stringify(document)));
    expect(answer.body.openapi).toMatch(/^3\.1\./);
  });

  it("names each operation once", () => {
    const ids = operations.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).not.toContain("");
  });

  it("holds no reference to what is not in it", () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    const schemas = Object.keys(document.components?.schemas ?? {});
    expect(references.length).toBeGreaterThan(0);
    for (const [, name] of references) expect(schemas).toContain(name);
    expect(JSON.stringify(document).match(/"\$ref":"#\/components\/(?!schemas)/)).toBeNull();
  });

  it("has each route of the table, and no other below /api/v1", () => {
    const documented = operations.filter(({ path }) => path.startsWith("/api/v1"));
    expect(documented.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(
      MANAGEMENT_ROUTES.map(({ method, path }) => `${method} /api/v1${path}`).sort(),
    );
  });

  it.each(operations)("$method $path is served", async ({ method, path }) => {
    const url = path.replaceAll(/\{\w+\}/g, "acme");
    const response = await berth.app.request(url, { method: method.toUpperCase() });
    expect([404, 405, 500]).not.toContain(response.status);
  });
});

describe.each([...MANAGEMENT_ROUTES])("$operationId in the document", (route) => {
  const { operation } = operationOf(route.operationId);
  const responses = operation.responses ?? {};

  it("says who may, and how it may end", () => {
    expect(operation["x-required-scopes"]).toEqual(route.scopes === "any" ? [] : route.scopes);
    expect(operation.security).toEqual([{ bearer: [] }]);
    expect(responses).toHaveProperty(String(route.success.status));
    const described = Object.values<{ description: string }>(responses).map(({ description }) => description);
    for (const reason of reasonsOf(route)) expect(described.join(" ")).toContain(`\`${reason}\``);
  });

  it("describes each parameter of its path, and no other", () => {
    const named = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(route.params.shape).sort()).toEqual(named.sort());
  });

  it("shows a request and an answer that it would take and give", () => {
    if (route.body !== undefined)
      expect(route.body.schema.safeParse(route.body.example).error).toBeUndefined();
    const { schema, example, status } = route.success;
    if (status === 204) expect(schema).toBeUndefined();
    else expect(schema?.safeParse(example)).toMatchObject({ success: true });
  });
});

describe("the page", () => {
  let page: string;
  let headers: Headers;
  beforeAll(async () => {
    const response = await berth.app.request("/docs");
    expect(response.status).toBe(200);
    ({ headers } = response);
    page = await response.text();
  });

  it("has an anchor for each operation and each error type, and each of its links leads somewhere", () => {
    const anchors = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(anchors).size).toBe(anchors.length);
    for (const { id } of operations) expect(anchors).toContain(id);
    for (const type of Object.keys(ERROR_TYPES)) expect(anchors).toContain(type);
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(anchors).toContain(target);
  });

  it("shows scopes, fields, answers and examples", () => {
    const article = page.slice(page.indexOf('<article id="createOrgRobot">')).split("</article>")[0];
    expect(article).toContain("API token with robots:write.");
    expect(article).toContain("<code>orgname</code>");
    expect(article).toContain("&quot;description&quot;: &quot;release builds&quot;");
    expect(article).toContain("<td>409</td><td><code>name_taken</code>, <code>conflict</code></td>");
    const exchange = page.slice(page.indexOf('<article id="exchangeIdentityToken">')).split("</article>")[0];
    expect(exchange).toContain("<code>subject_token</code></td><td>form, required</td>");
  });

  it("runs no script, and loads nothing", async () => {
    expect(headers.get("content-type")).toBe("text/html; charset=UTF-8");
    expect(page).not.toMatch(/<script|<link|<img|<iframe| src=| on\w+=| style="|@import|url\(/i);
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(DOCS_STYLE));
    expect(page).toContain(`<style>${DOCS_STYLE}</style>`);
    expect(headers.get("content-security-policy")).toBe(
      `default-src 'none'; style-src 'sha256-${Buffer.from(digest).toString("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
  });
});
