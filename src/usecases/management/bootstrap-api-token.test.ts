import { afterEach, beforeEach, expect, it } from "vitest";
import { addApiToken } from "../../../test/support/api-tokens.ts";
import { CONTEXT, startUseCaseWorld, type UseCaseWorld } from "../../../test/support/use-case-world.ts";
import { newApiTokenSecret } from "../../domain/accounts/secret.ts";
import { err } from "../../domain/result.ts";
import { authenticateCaller } from "./authenticate-caller.ts";
import { bootstrapApiToken, type FirstApiToken } from "./bootstrap-api-token.ts";

let world: UseCaseWorld;
beforeEach(async () => {
  world = await startUseCaseWorld();
});
afterEach(() => world.close());

const TOO_LATE = err({ reason: "conflict", detail: "there has been an API token with super:user" });
/** A command has no client address. */
const bootstrap = () => bootstrapApiToken(world.deps, "operator", { requestId: "request-1" });

async function first(outcome: ReturnType<typeof bootstrap>): Promise<FirstApiToken> {
  const made = await outcome;
  if (!made.ok) throw new Error(made.error.reason);
  return made.value;
}

it("makes an operator of who asks first, for a day", async () => {
  const { token, id, expiresAt } = await first(bootstrap());
  expect(expiresAt).toBe(world.clock.seconds() + 86_400);
  expect(await authenticateCaller(world.deps, token.expose())).toEqual({
    ok: true,
    value: { actor: `token:${id}`, scopes: ["super:user"], namespaces: "all", exchanged: false, expiresAt },
  });
  const [event] = await world.ledger.readEvents(1);
  expect(event).toMatchObject({ kind: "api_token.created", requestId: "request-1", actor: "operator" });
  expect(event).not.toHaveProperty("clientAddress");
  expect(JSON.stringify(event)).not.toContain(token.expose());
});

it("takes the token that the settings say", async () => {
  const given = newApiTokenSecret(world.deps.random);
  const { token } = await first(bootstrapApiToken(world.deps, "environment", CONTEXT, given));
  expect(token.expose()).toBe(given.expose());
  expect(await authenticateCaller(world.deps, given.expose())).toMatchObject({ ok: true });
  expect(await world.ledger.readEvents(1)).toMatchObject([{ actor: "environment" }]);
});

it("works once ever: not after the first was revoked, nor beside it, nor with the same token again", async () => {
  const given = newApiTokenSecret(world.deps.random);
  const { id } = await first(bootstrapApiToken(world.deps, "environment", CONTEXT, given));
  expect(await bootstrap()).toEqual(TOO_LATE);
  await world.deps.apiTokens.remove(id, { kind: "api_token.revoked", at: 0, requestId: "r" });
  expect(await bootstrap()).toEqual(TOO_LATE);
  expect(await bootstrapApiToken(world.deps, "environment", CONTEXT, given)).toEqual(TOO_LATE);
  expect(await world.deps.apiTokens.list()).toEqual([]);
});

it("lets one of two at once through", async () => {
  const outcomes = await Promise.all([bootstrap(), bootstrap()]);
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  expect(await world.deps.apiTokens.list()).toHaveLength(1);
});

it("is not kept from it by tokens without super:user", async () => {
  await addApiToken(world.deps.apiTokens, world.clock.seconds(), { scopes: ["org:read"] });
  expect(await bootstrap()).toMatchObject({ ok: true });
});

it("refuses when the store does not answer", async () => {
  world.breakStore();
  expect(await bootstrap()).toMatchObject({ ok: false, error: { reason: "store_unavailable" } });
});
