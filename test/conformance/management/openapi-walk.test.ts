import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { MANAGEMENT_ROUTES } from "../../../src/http/management/route-table.ts";
import { openApiDocument } from "../../../src/http/metadata/openapi-document.ts";
import { PUBLIC_URL } from "../../support/baseline.ts";
import { type JsonSchema, type NamedSchemas, schemaFaults } from "../../support/json-schema.ts";
import { type ManagedBerth, startManagedBerth } from "../../support/managed-berth.ts";
import { apiToken, manage } from "../../support/management-calls.ts";
import { arbitraryOf, nearlyOf } from "../../support/schema-arbitrary.ts";

/** Of each operation; together some seconds. */
const REQUESTS = 25;

interface Documented {
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema: JsonSchema }[];
  readonly requestBody?: { readonly content: Media };
  readonly responses: Readonly<Record<string, { readonly content?: Media }>>;
}
type Media = Readonly<Record<string, { readonly schema: JsonSchema }>>;

// As a client reads it.
const document = JSON.parse(JSON.stringify(openApiDocument(PUBLIC_URL))) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Documented>>>>;
  readonly components: { readonly schemas: NamedSchemas };
};
const named = document.components.schemas;

let world: ManagedBerth;
let tokens: readonly string[];
beforeAll(async () => {
  world = await startManagedBerth();
  const bound = { namespaces: ["acme", "alice"], user: "alice" } as const;
  tokens = [
    await apiToken(world.berth, { user: "alice", expiresAt: world.berth.clock.seconds() + 86_400 }),
    await apiToken(world.berth, { scopes: ["org:admin"], ...bound }),
    await apiToken(world.berth, { scopes: ["org:read"], ...bound }),
  ];
});
beforeEach(() => world.reset());
afterAll(() => world.berth.close());

const WORDS = fc.constantFrom(
  ...["acme", "alice", "builder", "deployer", "fresh", "acme+builder", "acme/app", "acme/**", "other/app"],
  ...[
    "registry.example.com",
    "https://issuer.example.com",
    "rule-1",
    "2026-03-01T12:00:00Z",
    "main",
    "true",
    "1",
  ],
);

/** How many requests were carried out: a walk that is refused at every door shows little. */
let carriedOut = 0;

interface Walk {
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly ifMatch: string | undefined;
  readonly caller: number;
}

function walkOf({ parameters = [], requestBody }: Documented): fc.Arbitrary<Walk> {
  const inPlace = (place: string) => {
    const found = parameters.filter((parameter) => parameter.in === place);
    const members = found.map(({ name, schema }) => [name, arbitraryOf(schema, named, WORDS)] as const);
    const requiredKeys = found.filter(({ required }) => required === true).map(({ name }) => name);
    return fc.record(Object.fromEntries(members), { requiredKeys });
  };
  const schema = requestBody?.content["application/json"]?.schema;
  return fc.record({
    path: inPlace("path"),
    query: inPlace("query"),
    body: schema === undefined ? fc.constant(undefined) : nearlyOf(arbitraryOf(schema, named, WORDS)),
    ifMatch: fc.option(fc.constantFrom("*", '"stale"', 'W/"weak"', "junk"), { nil: undefined, freq: 5 }),
    caller: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.nat(2)),
  });
}

/** A path segment: never empty, and nothing that a URL takes for another place. */
function segment(value: unknown): string {
  const text = String(value).toWellFormed();
  return text === "" || /^\.{1,2}$/.test(text) ? "x" : encodeURIComponent(text);
}

function urlOf(template: string, { path, query }: Walk): string {
  const filled = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => segment(path[name]));
  const pairs = Object.entries(query).map(
    ([name, value]) => `${name}=${encodeURIComponent(String(value).toWellFormed())}`,
  );
  return pairs.length === 0 ? filled : `${filled}?${pairs.join("&")}`;
}

it.each([...MANAGEMENT_ROUTES])("$operationId: no 5xx, and no answer outside the document", async (route) => {
  const operation = document.paths[`/api/v1${route.path}`]?.[route.method];
  if (operation === undefined) throw new Error(`${route.operationId} is not in the document`);
  const walked = fc.asyncProperty(walkOf(operation), async (walk) => {
    const { status, body, headers } = await manage(
      world.berth.app,
      route.method.toUpperCase(),
      urlOf(route.path, walk),
      {
        token: tokens[walk.caller] ?? "",
        ...(walk.body === undefined ? {} : { body: JSON.stringify(walk.body) }),
        headers: walk.ifMatch === undefined ? {} : { "if-match": walk.ifMatch },
      },
    );
    expect(status, JSON.stringify(body)).toBeLessThan(500);
    if (status < 300) carriedOut += 1;
    const answer = operation.responses[String(status)];
    expect(answer, `${status} ${JSON.stringify(body)}`).toBeDefined();
    const content = answer?.content?.["application/json"];
    if (content === undefined) expect(body).toBeUndefined();
    else expect(schemaFaults(body, content.schema, named)).toEqual([]);
    expect(headers.get("content-type") ?? "none").toMatch(
      body === undefined ? /^(?:none|text\/plain)/ : /^application\/json/,
    );
  });
  await fc.assert(walked, { numRuns: REQUESTS });
});

it("has carried out many of them", () => {
  expect(carriedOut).toBeGreaterThan(MANAGEMENT_ROUTES.length);
});
