import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addApiToken } from "../../../test/support/api-tokens.ts";
import { CONTEXT, startUseCaseWorld, type UseCaseWorld } from "../../../test/support/use-case-world.ts";
import type { ApiToken } from "../../domain/accounts/api-token.ts";
import { type Caller, HOST_OPERATOR } from "../../domain/accounts/caller.ts";
import { err, ok } from "../../domain/result.ts";
import { authenticateCaller } from "./authenticate-caller.ts";
import { listApiTokens, revokeApiToken } from "./manage-api-tokens.ts";

let world: UseCaseWorld;
beforeEach(async () => {
  world = await startUseCaseWorld();
});
afterEach(() => world.close());

const administrator = (change: Partial<Caller> = {}): Caller => ({
  actor: "token:00",
  scopes: ["org:admin"],
  namespaces: ["acme", "ann"],
  exchanged: false,
  ...change,
});
const add = (change: Partial<ApiToken> = {}) =>
  addApiToken(world.deps.apiTokens, world.clock.seconds(), change);
const revocations = async () =>
  (await world.ledger.readEvents(100)).filter(({ kind }) => kind === "api_token.revoked");

describe("listApiTokens", () => {
  it("shows an operator every token, without hashes, by their time", async () => {
    const first = await add();
    world.clock.advance(1000);
    const second = await add({ namespaces: ["ann"] });
    const shown = [first, second].map(({ record: { hash: _, ...record } }) => record);
    expect(await listApiTokens(world.deps, HOST_OPERATOR)).toEqual(ok(shown));
  });

  it("shows nobody else any", async () => {
    await add();
    expect(await listApiTokens(world.deps, administrator())).toEqual(err({ reason: "insufficient_scope" }));
  });
});

describe("revokeApiToken", () => {
  const revoke = (id: string, caller: Caller = HOST_OPERATOR) =>
    revokeApiToken(world.deps, id, { ...CONTEXT, caller });

  it("ends a token at once, and leaves an event of what it was", async () => {
    const { secret, record } = await add({
      namespaces: ["acme"],
      scopes: ["org:read"],
    });
    expect(await revoke(record.id)).toEqual(ok(undefined));
    expect(await authenticateCaller(world.deps, secret.expose())).toMatchObject({ ok: false });
    const [event] = await revocations();
    const { id: _, hash, ...shown } = record;
    expect(event).toEqual({
      kind: "api_token.revoked",
      at: world.clock.now(),
      ...CONTEXT,
      actor: "operator",
      namespace: "acme",
      changes: [{ object: `api token ${record.id}`, before: shown }],
    });
    expect(JSON.stringify(event)).not.toContain(hash);
    expect(await revoke(record.id)).toEqual(err({ reason: "api_token_unknown", detail: record.id }));
  });

  it.each([
    { what: "within their namespaces", namespaces: ["acme"], revoked: true },
    { what: "that reaches further", namespaces: ["acme", "other"], revoked: false },
    { what: "of everywhere", namespaces: "all", revoked: false },
  ] as const)("lets an administrator end one $what: $revoked", async ({ namespaces, revoked }) => {
    const { record } = await add({ namespaces, createdBy: "token:99" });
    const outcome = await revoke(record.id, administrator());
    expect(outcome).toEqual(revoked ? ok(undefined) : err({ reason: "insufficient_scope" }));
    expect((await world.deps.apiTokens.find(record.id)) === undefined).toBe(revoked);
  });

  it("tells of one that somebody else has ended meanwhile", async () => {
    const { record } = await add();
    const apiTokens = {
      ...world.deps.apiTokens,
      find: async () => record,
      remove: async () => false,
    };
    expect(
      await revokeApiToken({ ...world.deps, apiTokens }, record.id, { ...CONTEXT, caller: HOST_OPERATOR }),
    ).toEqual(err({ reason: "api_token_unknown", detail: record.id }));
  });

  it.each<{ whose: string; by: (id: string) => Caller; ends: boolean }>([
    { whose: "their own", by: (id) => administrator({ actor: `token:${id}` }), ends: true },
    { whose: "one that they made", by: () => administrator({ actor: "token:maker" }), ends: true },
    { whose: "another's", by: () => administrator(), ends: false },
    {
      whose: "their own, being an exchanged token, which there is not",
      by: (id) => administrator({ actor: `token:${id}`, exchanged: true }),
      ends: false,
    },
  ])("lets others end $whose: $ends", async ({ by, ends }) => {
    const { record } = await add({
      createdBy: "token:maker",
    });
    expect(await revoke(record.id, by(record.id))).toEqual(
      ends ? ok(undefined) : err({ reason: "insufficient_scope" }),
    );
    expect(await world.deps.apiTokens.list()).toHaveLength(ends ? 0 : 1);
  });

  it("tells others nothing of one that is not there", async () => {
    expect(await revoke("00".repeat(16), administrator())).toEqual(err({ reason: "insufficient_scope" }));
  });
});

it("refuses when the store does not answer", async () => {
  world.breakStore();
  const refused = { ok: false, error: { reason: "store_unavailable" } };
  const context = { ...CONTEXT, caller: HOST_OPERATOR };
  expect(await listApiTokens(world.deps, HOST_OPERATOR)).toMatchObject(refused);
  expect(await revokeApiToken(world.deps, "00", context)).toMatchObject(refused);
});
