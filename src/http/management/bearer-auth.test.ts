import { Hono } from "hono";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addApiToken } from "../../../test/support/api-tokens.ts";
import { PUBLIC_URL } from "../../../test/support/baseline.ts";
import { startUseCaseWorld, type UseCaseWorld } from "../../../test/support/use-case-world.ts";
import { type Caller, HOST_OPERATOR } from "../../domain/accounts/caller.ts";
import { newApiTokenSecret } from "../../domain/accounts/secret.ts";
import type { AppEnv } from "../deps.ts";
import { authenticate } from "./bearer-auth.ts";

let world: UseCaseWorld;
let token: string;
let seen: Caller[];
beforeEach(async () => {
  world = await startUseCaseWorld();
  token = (await addApiToken(world.deps.apiTokens, world.clock.seconds())).secret.expose();
  seen = [];
});
afterEach(() => world.close());

const LOCAL = Symbol("local");

/** One route behind the middleware, which notes whom it was for. */
function app() {
  const hono = new Hono<AppEnv>();
  const localCaller = (env: unknown) => (env === LOCAL ? HOST_OPERATOR : undefined);
  hono.use(authenticate({ ...world.deps, localCaller }));
  hono.all("/", (c) => {
    seen.push(c.get("caller"));
    return c.text("in");
  });
  return hono;
}

const ask = (authorization?: string, path = "/") =>
  app().request(path, authorization === undefined ? {} : { headers: { authorization } });

describe("a bearer token", () => {
  it.each(["Bearer", "bearer", "BEARER", "bEARER  "])("is taken after %j", async (scheme) => {
    const response = await ask(`${scheme} ${token}`);
    expect([response.status, seen.map(({ scopes }) => scopes)]).toEqual([200, [["super:user"]]]);
  });
});

describe("what is no bearer token of Berth's", () => {
  it.each<{ what: string; authorization: () => string }>([
    { what: "another scheme", authorization: () => `Basic ${btoa(`x:${token}`)}` },
    { what: "no scheme", authorization: () => token },
    { what: "a scheme alone", authorization: () => "Bearer" },
    { what: "an empty header", authorization: () => "" },
    { what: "no space", authorization: () => `Bearer${token}` },
    { what: "another letter", authorization: () => `Bearer ${token}"` },
    { what: "two tokens", authorization: () => `Bearer ${token} ${token}` },
    { what: "two headers", authorization: () => `Bearer ${token}, Bearer ${token}` },
    { what: "a parameter", authorization: () => `Bearer ${token}, realm="x"` },
    {
      what: "a token that nobody made",
      authorization: () => `Bearer ${newApiTokenSecret(world.deps.random).expose()}`,
    },
    { what: "junk", authorization: () => "Bearer hunter2" },
  ])("is challenged as invalid: $what", async ({ authorization }) => {
    const response = await ask(authorization());
    const text = await response.text();
    expect([response.status, JSON.parse(text).reason]).toEqual([401, "unauthenticated"]);
    expect(response.headers.get("www-authenticate")).toBe('Bearer realm="berth", error="invalid_token"');
    expect(text).not.toContain(token);
    expect(seen).toEqual([]);
  });

  it("is challenged without an error where nothing was shown", async () => {
    const response = await ask();
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe('Bearer realm="berth"');
    expect(seen).toEqual([]);
  });

  it("is one in the query or in a form", async () => {
    expect((await ask(undefined, `/?access_token=${token}`)).status).toBe(401);
    const form = { method: "POST", body: new URLSearchParams({ access_token: token }) };
    expect((await app().request("/", form)).status).toBe(401);
    expect(seen).toEqual([]);
  });
});

describe("the process's own caller", () => {
  it("is whom the environment says, without a look at any header", async () => {
    const response = await app().fetch(
      new Request(PUBLIC_URL, { headers: { authorization: "x" } }),
      LOCAL as never,
    );
    expect([response.status, seen]).toEqual([200, [HOST_OPERATOR]]);
  });

  it("is nobody where the process knows none", async () => {
    const hono = new Hono<AppEnv>().use(authenticate(world.deps)).get("/", (c) => c.text("in"));
    expect((await hono.fetch(new Request(PUBLIC_URL), LOCAL as never)).status).toBe(401);
  });
});

it("is 503 without a challenge when the store does not answer", async () => {
  world.breakStore();
  const response = await ask(`Bearer ${token}`);
  expect(response.status).toBe(503);
  expect([response.headers.get("www-authenticate"), response.headers.get("retry-after")]).toEqual([
    null,
    "2",
  ]);
  expect(seen).toEqual([]);
});
