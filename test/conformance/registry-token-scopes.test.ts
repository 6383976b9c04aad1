import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aRegistry, SERVICE } from "../support/baseline.ts";
import { startTestBerth, type TestBerth } from "../support/berth-app.ts";
import { claimsOf, grantedScopes } from "../support/registry-claims.ts";
import { credentialFor, registryToken, registryTokenByForm } from "../support/requests.ts";

const OPEN_SERVICE = "open.example.com";

let berth: TestBerth;
let password: string;
beforeAll(async () => {
  berth = await startTestBerth({
    registries: [aRegistry(), aRegistry({ service: OPEN_SERVICE, anonymousPull: ["open/*", "acme/public"] })],
    robot: {
      permissions: [
        { registry: SERVICE, repository: "acme/app", role: "write" },
        { registry: SERVICE, repository: "acme/base", role: "read" },
        { registry: SERVICE, repository: "acme/tools/*", role: "admin" },
        { registry: OPEN_SERVICE, repository: "acme/elsewhere", role: "admin" },
      ],
    },
  });
  password = await credentialFor(berth.app, await berth.issuer.sign());
});
afterAll(() => berth.close());

interface Row {
  readonly asked: string;
  readonly scopes: readonly string[];
  readonly granted: readonly string[];
}

/** What clients send, and what the token then holds. Always 200: who asks for too much gets what there is. */
const ROWS: readonly Row[] = [
  { asked: "nothing (docker login)", scopes: [], granted: [] },
  { asked: "an empty scope", scopes: [""], granted: [] },
  { asked: "a pull", scopes: ["repository:acme/app:pull"], granted: ["repository:acme/app:pull"] },
  {
    asked: "a push before a pull",
    scopes: ["repository:acme/app:push,pull"],
    granted: ["repository:acme/app:pull,push"],
  },
  {
    asked: "more than a role has",
    scopes: ["repository:acme/app:pull,push,delete"],
    granted: ["repository:acme/app:pull,push"],
  },
  {
    asked: "a push with a READ",
    scopes: ["repository:acme/base:pull,push"],
    granted: ["repository:acme/base:pull"],
  },
  { asked: "a push alone with a READ", scopes: ["repository:acme/base:push"], granted: [] },
  {
    asked: "every action",
    scopes: ["repository:acme/tools/lint:*"],
    granted: ["repository:acme/tools/lint:pull,push,delete"],
  },
  {
    asked: "every action of a WRITE",
    scopes: ["repository:acme/app:*"],
    granted: ["repository:acme/app:pull,push"],
  },
  {
    asked: "an action of another kind",
    scopes: ["repository:acme/app:pull,admin,PUSH,"],
    granted: ["repository:acme/app:pull"],
  },
  {
    asked: "several repositories",
    scopes: ["repository:acme/app:pull", "repository:acme/base:pull"],
    granted: ["repository:acme/app:pull", "repository:acme/base:pull"],
  },
  {
    asked: "several between spaces",
    scopes: ["repository:acme/app:pull repository:acme/base:pull  repository:acme/tools/x:pull"],
    granted: ["repository:acme/app:pull", "repository:acme/base:pull", "repository:acme/tools/x:pull"],
  },
  {
    asked: "the same repository twice (containerd)",
    scopes: ["repository:acme/app:pull", "repository:acme/app:pull,push"],
    granted: ["repository:acme/app:pull,push"],
  },
  {
    asked: "a mount from another organization's repository",
    scopes: ["repository:acme/app:pull,push", "repository:other/base:pull"],
    granted: ["repository:acme/app:pull,push"],
  },
  { asked: "another repository alone", scopes: ["repository:other/base:pull,push"], granted: [] },
  {
    asked: "a longer name",
    scopes: ["repository:acme/apple:pull", "repository:acme/app/x:pull"],
    granted: [],
  },
  { asked: "a shorter name", scopes: ["repository:acme/ap:pull", "repository:acme:pull"], granted: [] },
  { asked: "a repository below the pattern's star", scopes: ["repository:acme/tools/a/b:pull"], granted: [] },
  { asked: "a repository of another registry", scopes: ["repository:acme/elsewhere:pull"], granted: [] },
  { asked: "an empty name (zot)", scopes: ["repository::pull"], granted: [] },
  { asked: "no action", scopes: ["repository:acme/app:", "repository:acme/app"], granted: [] },
  { asked: "a class", scopes: ["repository(plugin):acme/app:pull"], granted: ["repository:acme/app:pull"] },
  {
    asked: "a name with a host and a port",
    scopes: ["repository:registry.example.com:5000/acme/app:pull"],
    granted: [],
  },
  {
    asked: "a type that nobody knows",
    scopes: ["image:acme/app:pull", "Repository:acme/app:pull"],
    granted: [],
  },
  {
    asked: "garbage",
    scopes: [":::", "x", "::", "repository", "%00", "\u202erepository:acme/app:pull"],
    granted: [],
  },
  {
    asked: "garbage and something else",
    scopes: ["::: repository:acme/app:pull nonsense"],
    granted: ["repository:acme/app:pull"],
  },
  {
    asked: "a pattern",
    scopes: ["repository:acme/*:pull", "repository:**:pull", "repository:acme/tools/*:*"],
    granted: [],
  },
  {
    asked: "a path that climbs",
    scopes: ["repository:acme/tools/../app:pull", "repository:acme/tools/..:pull"],
    granted: [],
  },
  {
    asked: "a name in capitals",
    scopes: ["repository:ACME/app:pull", "repository:acme/App:pull"],
    granted: [],
  },
  {
    asked: "a name with NUL",
    scopes: ["repository:acme/app\0:pull", "repository:acme/tools/x\0y:pull"],
    granted: [],
  },
  {
    asked: "an object's method",
    scopes: ["repository:constructor:pull", "repository:__proto__:pull"],
    granted: [],
  },
  { asked: "the catalogue, which is off", scopes: ["registry:catalog:*"], granted: [] },
];

describe.each<{ way: string; ask: (scopes: readonly string[]) => ReturnType<typeof registryToken> }>([
  { way: "GET", ask: (scopes) => registryToken(berth.app, { password, scopes }) },
  { way: "POST", ask: (scope) => registryTokenByForm(berth.app, password, { scope }) },
])("$way /v2/auth grants what was asked and may be had", ({ ask }) => {
  // attack 80
  it.each(ROWS)("of $asked", async ({ scopes, granted }) => {
    const answer = await ask(scopes);
    expect(grantedScopes(answer)).toEqual(granted);
    expect(Object.keys(answer.body).sort()).toEqual(["access_token", "expires_in", "token"]);
  });
});

it("bounds the number of scopes, not their sum of merged ones", async () => {
  const scopesOf = (count: number) =>
    Array.from({ length: count }, (_, at) => `repository:acme/tools/t${at}:pull`);
  expect(grantedScopes(await registryToken(berth.app, { password, scopes: scopesOf(100) }))).toHaveLength(
    100,
  );
  const answer = await registryToken(berth.app, { password, scopes: scopesOf(101) });
  expect([answer.status, berth.log.at(-1)?.reason]).toEqual([400, "request_malformed"]);
  const same = new Array<string>(500).fill("repository:acme/app:pull");
  expect(grantedScopes(await registryToken(berth.app, { password, scopes: same }))).toHaveLength(1);
});

describe("a request without authorization", () => {
  it.each<{ at: string; service: string; scope: string; granted: readonly string[] }>([
    { at: "a registry without patterns", service: SERVICE, scope: "repository:acme/app:pull", granted: [] },
    {
      at: "a pattern",
      service: OPEN_SERVICE,
      scope: "repository:open/tool:pull",
      granted: ["repository:open/tool:pull"],
    },
    {
      at: "a name",
      service: OPEN_SERVICE,
      scope: "repository:acme/public:pull",
      granted: ["repository:acme/public:pull"],
    },
    { at: "no pattern", service: OPEN_SERVICE, scope: "repository:acme/app:pull", granted: [] },
    {
      at: "a pattern, of more than a pull",
      service: OPEN_SERVICE,
      scope: "repository:open/tool:*",
      granted: ["repository:open/tool:pull"],
    },
    { at: "a pattern, of a push", service: OPEN_SERVICE, scope: "repository:open/tool:push", granted: [] },
    { at: "the catalogue", service: OPEN_SERVICE, scope: "registry:catalog:*", granted: [] },
  ])("gets at $at what anyone may pull", async ({ service, scope, granted }) => {
    const answer = await registryToken(berth.app, { service, scopes: [scope] });
    expect(grantedScopes(answer)).toEqual(granted);
    expect(claimsOf(answer).sub).toBe("anonymous");
  });

  it("is not what a wrong password falls back to", async () => {
    const answer = await registryToken(berth.app, {
      service: OPEN_SERVICE,
      password: "wrong",
      scopes: ["repository:open/tool:pull"],
    });
    expect(answer.status).toBe(401);
  });

  it("gives an account no more than the account has", async () => {
    const answer = await registryToken(berth.app, {
      service: OPEN_SERVICE,
      password,
      scopes: ["repository:open/tool:pull"],
    });
    expect(grantedScopes(answer)).toEqual([]);
  });
});

describe("the catalogue", () => {
  it("is granted whole to a robot that has its flag, and to no part of it", async () => {
    await berth.put({ robot: { catalog: true, nonce: "with-catalog" }, registries: [aRegistry()] });
    const credential = await credentialFor(berth.app, await berth.issuer.sign());
    const ask = (scope: string) => registryToken(berth.app, { password: credential, scopes: [scope] });
    expect(grantedScopes(await ask("registry:catalog:*"))).toEqual(["registry:catalog:*"]);
    expect(grantedScopes(await ask("registry:catalog:pull"))).toEqual([]);
    expect(grantedScopes(await ask("registry:anything:*"))).toEqual([]);
  });
});
