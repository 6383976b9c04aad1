import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestBerth, type TestBerth } from "../support/berth-app.ts";
import { exchange, formOf, ID_TOKEN, TOKEN_EXCHANGE } from "../support/requests.ts";

let berth: TestBerth;
beforeAll(async () => {
  berth = await startTestBerth();
});
afterAll(() => berth.close());

const ROUTES = [
  "/oauth2/token",
  "/oauth2/federation/robot/token",
  "/oauth2/revoke",
  "/v2/auth",
  "/auth/token",
  "/.well-known/oauth-authorization-server",
  "/keys/ca.pem",
  "/nowhere",
];

const base64 = fc
  .string({ unit: "binary", maxLength: 200 })
  .map((text) => Buffer.from(text).toString("base64"));
const headerText = fc.stringMatching(/^[\x21-\x7e][\x20-\x7e]{0,80}[\x21-\x7e]$/);
const anyHeaders = fc.record(
  {
    authorization: fc.oneof(
      base64.map((text) => `Basic ${text}`),
      headerText,
    ),
    "content-type": fc.oneof(
      { weight: 4, arbitrary: fc.constant("application/x-www-form-urlencoded") },
      headerText,
    ),
    "x-forwarded-for": headerText,
    "user-agent": headerText,
    "content-encoding": headerText,
    accept: headerText,
    cookie: headerText,
  },
  { requiredKeys: [] },
);

const word = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom("", TOKEN_EXCHANGE, ID_TOKEN, "acme+builder", "registry.example.com", "password", "a.b.c"),
  fc.constantFrom("repository:acme/app:pull", "registry:catalog:*", "brc_", "__proto__", "constructor"),
);
const name = fc.oneof(
  fc.constantFrom("grant_type", "subject_token", "subject_token_type", "robot", "scope", "requested_ttl"),
  fc.constantFrom("retry_key", "actor_token", "service", "username", "password", "token", "client_id"),
  fc.string({ unit: "binary", maxLength: 20 }),
);
const anyForm = fc
  .array(fc.tuple(name, word), { maxLength: 12 })
  .map((fields) => String(new URLSearchParams(fields)));

it("no body and no headers bring a 5xx about, on any route", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...ROUTES),
      fc.constantFrom("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS"),
      anyHeaders,
      anyForm,
      fc.oneof(anyForm, fc.uint8Array({ maxLength: 300 })),
      async (route, method, headers, query, body) => {
        const sent =
          method === "GET" || method === "HEAD" ? {} : { body: Uint8Array.from(Buffer.from(body)) };
        const response = await berth.app.request(`${route}?${query}`, { method, headers, ...sent });
        expect(response.status).toBeLessThan(500);
        await response.arrayBuffer();
      },
    ),
    { numRuns: 500 },
  );
  expect(berth.log.filter(({ message }) => message === "fault")).toEqual([]);
  expect(await berth.minted()).toBe(0);
});

it("no change of one character of an identity token is accepted", async () => {
  const token = await berth.issuer.sign();
  const character = fc.constantFrom(..."ABCZabcz0189-_+/=. \n%");
  await fc.assert(
    fc.asyncProperty(fc.nat(token.length), character, fc.boolean(), async (at, put, inserts) => {
      const changed = token.slice(0, at) + put + token.slice(inserts ? at : at + 1);
      fc.pre(changed !== token);
      const answer = await exchange(berth.app, changed);
      expect([answer.status, answer.body.error]).toEqual([400, "invalid_request"]);
    }),
    { numRuns: 300 },
  );
  expect(await berth.minted()).toBe(0);
  expect((await exchange(berth.app, token)).status).toBe(200);
});

it("no payload that is signed well, but not the baseline's, is a 5xx or a grant to another", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.constantFrom("sub", "aud", "iss", "exp", "iat", "jti", "x"), fc.jsonValue(), {
        minKeys: 1,
      }),
      async (claims) => {
        const before = await berth.minted();
        const { status } = await exchange(berth.app, await berth.issuer.sign(claims));
        expect([200, 400]).toContain(status);
        const isBaseline = Object.keys(claims).every(
          (key) => key === "x" || (key === "jti" && typeof claims.jti === "string"),
        );
        if (!isBaseline) expect([status, await berth.minted()]).toEqual([400, before]);
      },
    ),
    { numRuns: 200 },
  );
  expect(berth.log.filter(({ message }) => message === "fault")).toEqual([]);
});

// attack 23
it("no form that repeats a parameter is accepted", async () => {
  const fields = [
    "grant_type",
    "subject_token",
    "subject_token_type",
    "robot",
    "scope",
    "requested_ttl",
    "retry_key",
  ];
  for (const field of fields) {
    const form = formOf({
      grant_type: TOKEN_EXCHANGE,
      subject_token: await berth.issuer.sign(),
      subject_token_type: ID_TOKEN,
      robot: "acme+builder",
      scope: "repository:acme/app:pull",
      requested_ttl: "600",
      retry_key: "0123456789abcdefghijklmn",
    });
    form.append(field, form.get(field) ?? "");
    const response = await berth.app.request("/oauth2/token", { method: "POST", body: form });
    expect([field, response.status]).toEqual([field, 400]);
  }
});
