import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CONTEXT, startUseCaseWorld, type UseCaseWorld } from "../../../test/support/use-case-world.ts";
import type { ApiTokenContent } from "../../domain/accounts/api-token.ts";
import { type Caller, HOST_OPERATOR } from "../../domain/accounts/caller.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import { err } from "../../domain/result.ts";
import { authenticateCaller } from "./authenticate-caller.ts";
import { createApiToken } from "./manage-api-tokens.ts";

const DAY = 86_400;

let world: UseCaseWorld;
beforeEach(async () => {
  world = await startUseCaseWorld();
});
afterEach(() => world.close());

const CONTENT: ApiTokenContent = {
  description: "deploys",
  scopes: ["rules:write", "org:read"],
  namespaces: ["acme"],
};

/** The administrator of two namespaces, whose token lives for ten more days. */
const administrator = (change: Partial<Caller> = {}): Caller => ({
  actor: "token:00",
  scopes: ["org:admin"],
  namespaces: ["acme", "ann"],
  exchanged: false,
  expiresAt: world.clock.seconds() + 10 * DAY,
  ...change,
});
const create = (content: Partial<ApiTokenContent> = {}, caller: Caller = HOST_OPERATOR) =>
  createApiToken(world.deps, { ...CONTENT, ...content }, { ...CONTEXT, caller });
const tokenEvents = async () =>
  (await world.ledger.readEvents(100)).filter(({ kind }) => kind.startsWith("api_token."));

describe("createApiToken", () => {
  it("hands a token out once, and keeps its hash", async () => {
    const now = world.clock.seconds();
    const created = await create({ user: "acme" });
    if (!created.ok) throw new Error(created.error.reason);
    const { token, record } = created.value;
    const hash = await sha256Hex(token.expose());
    expect(token.class).toBe("api-token");
    expect(record).toEqual({
      id: hash.slice(0, 32),
      description: "deploys",
      scopes: ["rules:write", "org:read"],
      namespaces: ["acme"],
      user: "acme",
      createdAt: now,
      expiresAt: now + 90 * DAY,
      createdBy: "operator",
    });
    expect(await world.deps.apiTokens.find(record.id)).toEqual({ ...record, hash });
    expect(await authenticateCaller(world.deps, token.expose())).toMatchObject({
      value: { scopes: ["rules:write", "org:read"], namespaces: ["acme"], user: "acme" },
    });
  });

  it("leaves an event that its namespace reads, without token and hash", async () => {
    const created = await create();
    if (!created.ok) throw new Error(created.error.reason);
    const { id, ...shown } = created.value.record;
    const events = await tokenEvents();
    expect(events).toEqual([
      {
        kind: "api_token.created",
        at: world.clock.now(),
        ...CONTEXT,
        actor: "operator",
        namespace: "acme",
        changes: [{ object: `api token ${id}`, after: shown }],
      },
    ]);
    const hash = await sha256Hex(created.value.token.expose());
    for (const secret of [created.value.token.expose(), hash]) {
      expect(JSON.stringify(events)).not.toContain(secret);
    }
  });

  it.each<Partial<ApiTokenContent>>([
    { namespaces: ["acme", "ann"] },
    { namespaces: "all", scopes: ["super:user"] },
  ])("of %j leaves an event of no namespace", async (content) => {
    expect(await create(content)).toMatchObject({ ok: true });
    expect((await tokenEvents())[0]).not.toHaveProperty("namespace");
  });

  it("keeps scopes and namespaces once each", async () => {
    const content: Partial<ApiTokenContent> = {
      scopes: ["org:read", "org:read"],
      namespaces: ["acme", "acme"],
    };
    expect(await create(content)).toMatchObject({
      value: { record: { scopes: ["org:read"], namespaces: ["acme"] } },
    });
  });

  it.each<{ what: string; content: Partial<ApiTokenContent>; seconds: number }>([
    { what: "a minute", content: { expiresInSeconds: 60 }, seconds: 60 },
    { what: "a leap year", content: { expiresInSeconds: 366 * DAY }, seconds: 366 * DAY },
  ])("gives an operator's token $what", async ({ content, seconds }) => {
    const expiresAt = world.clock.seconds() + seconds;
    expect(await create(content)).toMatchObject({ value: { record: { expiresAt } } });
  });

  it("bounds no operator by the end of their own token", async () => {
    const caller = administrator({ scopes: ["super:user"], namespaces: "all" });
    const expiresAt = world.clock.seconds() + 90 * DAY;
    expect(await create({}, caller)).toMatchObject({
      value: { record: { expiresAt, createdBy: "token:00" } },
    });
  });

  it.each<{ what: string; content: Partial<ApiTokenContent>; caller?: Partial<Caller>; days: number }>([
    { what: "as long as its own, by default", content: {}, days: 10 },
    { what: "for as long as its own", content: { expiresInSeconds: 10 * DAY }, days: 10 },
    { what: "for less", content: { expiresInSeconds: DAY }, days: 1 },
    { what: "for its other namespace", content: { namespaces: ["ann"], user: "ann" }, days: 10 },
    { what: "for both", content: { namespaces: ["ann", "acme"] }, days: 10 },
    { what: "that administers as well", content: { scopes: ["org:admin"] }, days: 10 },
    {
      what: "that introspects, if it does",
      content: { scopes: ["tokens:introspect"] },
      caller: { scopes: ["org:admin", "tokens:introspect"] },
      days: 10,
    },
    {
      what: "for the default, if its own lives longer",
      content: {},
      caller: { expiresAt: 4_000_000_000 },
      days: 90,
    },
  ])("lets an administrator make one $what", async ({ content, caller, days }) => {
    const expiresAt = world.clock.seconds() + days * DAY;
    expect(await create(content, administrator(caller))).toMatchObject({
      value: { record: { expiresAt, createdBy: "token:00" } },
    });
  });

  it("lets an administrator without an end make one", async () => {
    const { expiresAt: _, ...caller } = administrator();
    expect(await create({}, caller)).toMatchObject({
      value: { record: { expiresAt: world.clock.seconds() + 90 * DAY } },
    });
  });

  it.each<{ what: string; content?: Partial<ApiTokenContent>; caller?: Partial<Caller> }>([
    { what: "an operator's", content: { scopes: ["super:user"] } },
    {
      what: "an operator's among others",
      content: { scopes: ["org:read", "super:user"], namespaces: "all" },
    },
    { what: "one for all namespaces", content: { scopes: ["org:read"], namespaces: "all" } },
    { what: "one for another namespace", content: { namespaces: ["globex"] } },
    { what: "one for another namespace too", content: { namespaces: ["acme", "globex"] } },
    { what: "one with a scope that it lacks", content: { scopes: ["tokens:introspect"] } },
    {
      what: "one with a scope that it lacks among others",
      content: { scopes: ["org:read", "tokens:introspect"] },
    },
    { what: "one that outlives its own", content: { expiresInSeconds: 10 * DAY + 1 } },
    { what: "one as an exchanged token", caller: { exchanged: true } },
    {
      what: "one as an exchanged operator, which there is not",
      caller: { exchanged: true, scopes: ["super:user"] },
    },
    { what: "one without being an administrator", caller: { scopes: ["rules:write", "org:read"] } },
    {
      what: "one for all, being a reader of all",
      content: { scopes: ["org:read"], namespaces: "all" },
      caller: { scopes: ["org:read"], namespaces: "all" },
    },
  ])("lets no administrator make $what", async ({ content = {}, caller = {} }) => {
    expect(await create(content, administrator(caller))).toMatchObject({
      ok: false,
      error: { reason: "insufficient_scope" },
    });
    expect([await world.deps.apiTokens.list(), await tokenEvents()]).toEqual([[], []]);
  });

  it.each<{ caller: string; content: Partial<ApiTokenContent>; by: () => Caller }>([
    { caller: "an operator", content: { scopes: [] }, by: () => HOST_OPERATOR },
    { caller: "an administrator", content: { namespaces: [] }, by: administrator },
  ])("refuses $caller a malformed one, and writes nothing", async ({ content, by }) => {
    expect(await create(content, by())).toMatchObject({ ok: false, error: { reason: "request_malformed" } });
    expect([await world.deps.apiTokens.list(), await tokenEvents()]).toEqual([[], []]);
  });

  it("hands out no token that another one has", async () => {
    const deps = { ...world.deps, random: (count: number) => new Uint8Array(count) };
    const context = { ...CONTEXT, caller: HOST_OPERATOR };
    expect(await createApiToken(deps, CONTENT, context)).toMatchObject({ ok: true });
    const other = { ...CONTENT, description: "another" };
    expect(await createApiToken(deps, other, context)).toEqual(err({ reason: "conflict" }));
    expect(await tokenEvents()).toHaveLength(1);
  });
});

it("refuses when the store does not answer", async () => {
  world.breakStore();
  expect(await create()).toMatchObject({ ok: false, error: { reason: "store_unavailable" } });
});
