import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ManagedBerth, startManagedBerth } from "../../support/managed-berth.ts";
import { CALLERS } from "../../support/management-callers.ts";
import { type ManagementAnswer, manage } from "../../support/management-calls.ts";

let world: ManagedBerth;
// A Berth each: API tokens are not put back.
beforeEach(async () => {
  world = await startManagedBerth();
});
afterEach(() => world.berth.close());

const READER = { scopes: ["org:read"], namespaces: ["acme"] };

function time(offset: number): string {
  return new Date((world.berth.clock.seconds() + offset) * 1000).toISOString();
}

function made({ body }: ManagementAnswer): { readonly id: string; readonly token: string } {
  return body as { id: string; token: string };
}

describe("an API token", () => {
  it("is created, shown once, listed, and dead when it is revoked", async () => {
    const wish = { ...READER, description: "reads", expires_in: 600 };
    const created = await world.operator("POST", "/tokens", wish);
    const { id, token } = made(created);
    const { actor } = (await world.operator("GET", "/tokens/self")).body as { actor: string };
    const record = {
      ...READER,
      id,
      description: "reads",
      created_at: time(0),
      expires_at: time(600),
      created_by: actor,
    };
    expect([created.status, created.body]).toEqual([
      201,
      { ...record, token: expect.stringMatching(/^bra_[0-9A-Za-z]{49}$/) },
    ]);
    const listed = await world.operator("GET", "/tokens");
    expect((listed.body as { tokens: object[] }).tokens).toContainEqual(record);
    expect(JSON.stringify(listed.body)).not.toContain(token);
    const ask = () => manage(world.berth.app, "GET", "/namespaces/acme", { token });
    expect((await ask()).status).toBe(200);
    expect((await world.operator("DELETE", `/tokens/${id}`)).status).toBe(204);
    expect((await ask()).status).toBe(401);
  });

  it("lives for ninety days unless it says otherwise", async () => {
    const created = await world.operator("POST", "/tokens", READER);
    expect(created.body).toMatchObject({ expires_at: time(90 * 86_400), description: "" });
  });

  it("may be a user's", async () => {
    const created = await world.operator("POST", "/tokens", {
      scopes: ["org:admin"],
      namespaces: ["alice"],
      user: "alice",
    });
    const { token } = made(created);
    const robots = await manage(world.berth.app, "GET", "/user/robots", { token });
    expect([robots.status, robots.body]).toMatchObject([200, { robots: [{ name: "alice+builder" }] }]);
  });

  it.each([
    ["no scope", { ...READER, scopes: [] }],
    ["a scope that there is not", { ...READER, scopes: ["everything"] }],
    ["no namespace", { ...READER, namespaces: [] }],
    ["a name that is none", { ...READER, namespaces: ["Not one"] }],
    ["writing everywhere", { scopes: ["rules:write"], namespaces: "all" }],
    ["super:user of a namespace", { scopes: ["super:user"], namespaces: ["acme"] }],
    ["a life under a minute", { ...READER, expires_in: 59 }],
    ["a life of years", { ...READER, expires_in: 400 * 86_400 }],
    ["a user that it is not bound to", { ...READER, user: "alice" }],
  ])("is refused for %s", async (_, wish) => {
    const { status, body } = await world.operator("POST", "/tokens", wish);
    expect([status, body]).toMatchObject([400, { reason: "request_malformed" }]);
    expect((await world.operator("GET", "/tokens")).body).toMatchObject({ tokens: [{}] });
  });

  it("of an administrator reaches no further and lives no longer than their own", async () => {
    const admin = await world.holder("org:admin");
    const ask = async (wish: object) => (await admin("POST", "/tokens", wish)).status;
    expect(await ask(READER)).toBe(201);
    expect(await ask({ ...READER, namespaces: ["other"] })).toBe(403);
    expect(await ask({ scopes: ["super:user"], namespaces: "all" })).toBe(403);
    expect(await ask({ ...READER, expires_in: 90 * 86_400 })).toBe(403);
    // Who administers its namespaces may end it, and nobody else.
    const { id } = made(await admin("POST", "/tokens", READER));
    const another = await world.holder("robots:write");
    expect((await another("DELETE", `/tokens/${id}`)).status).toBe(403);
    expect((await admin("DELETE", `/tokens/${id}`)).status).toBe(204);
  });

  it("is listed a page at a time, by its age", async () => {
    for (let count = 0; count < 4; count += 1) {
      world.berth.clock.advance(1000);
      await world.operator("POST", "/tokens", { ...READER, description: `token ${count}` });
    }
    const seen: string[] = [];
    let next = "";
    do {
      const { body } = await world.operator("GET", `/tokens?limit=2${next}`);
      const page = body as { tokens: { description: string }[]; next_page?: string };
      seen.push(...page.tokens.map(({ description }) => description));
      next = page.next_page === undefined ? "" : `&next_page=${page.next_page}`;
    } while (next !== "");
    expect(seen).toEqual(["", "token 0", "token 1", "token 2", "token 3"]);
  });
});

describe("the token that is shown", () => {
  it("is told what it may do", async () => {
    const reader = await world.holder("org:read", "audit:read");
    const { status, body } = await reader("GET", "/tokens/self");
    expect([status, body]).toEqual([
      200,
      {
        actor: expect.stringMatching(/^token:[0-9a-f]{32}$/),
        scopes: ["org:read", "audit:read"],
        namespaces: ["acme", "alice"],
        user: "alice",
        exchanged: false,
        expires_at: time(3600),
      },
    ]);
  });

  it("may have been earned by an identity token", async () => {
    const token = String(await CALLERS["an exchanged token"](world.berth));
    const { body } = await manage(world.berth.app, "GET", "/tokens/self", { token });
    expect(body).toEqual({
      actor: expect.stringMatching(/^acme\+deployer#\d{2}[0-9a-f]{32}$/),
      scopes: ["robots:write", "permissions:write", "rules:write"],
      namespaces: ["acme"],
      exchanged: true,
      expires_at: time(3600),
    });
  });
});
