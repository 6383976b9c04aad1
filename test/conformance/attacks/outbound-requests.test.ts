import dns from "node:dns";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startTestBerth, type TestBerth } from "../../support/berth-app.ts";
import { exchange } from "../../support/requests.ts";

let berth: TestBerth;
beforeEach(async () => {
  berth = await startTestBerth();
});
afterEach(() => berth.close());

/** The reasons of refusals, each once. */
async function reasonsOf(tokens: readonly string[]): Promise<ReadonlySet<unknown>> {
  const reasons = new Set<unknown>();
  for (const token of tokens) reasons.add((await exchange(berth.app, token)).body.reason);
  return reasons;
}

const signEach = (claims: (at: number) => object, header: (at: number) => object = () => ({})) =>
  Promise.all(
    Array.from({ length: 1000 }, (_, at) => berth.issuer.sign({ ...claims(at) }, { ...header(at) })),
  );

// attack 28
it("1,000 unknown issuers cost no look-up of a name and no connection", async () => {
  const lookups = [vi.spyOn(dns, "lookup"), vi.spyOn(dns.promises, "lookup"), vi.spyOn(dns, "resolve")];
  const fetches = vi.spyOn(globalThis, "fetch");
  // The issuer's own port among them: whoever dialled any of these would be counted there.
  const stranger = (at: number) =>
    at % 2 === 0 ? `https://stranger-${at}.example.com` : `https://127.0.0.1:${berth.issuer.port}/${at}`;
  const tokens = await signEach((at) => ({ iss: stranger(at) }));
  expect(await reasonsOf(tokens)).toEqual(new Set(["issuer_unknown"]));
  expect(berth.issuer.connections).toBe(0);
  for (const spy of [...lookups, fetches]) expect(spy).not.toHaveBeenCalled();
});

// attack 27
it.each([
  { state: "up", fault: undefined },
  { state: "down", fault: "down" as const },
])("1,000 unknown key ids cost an issuer that is $state one refresh", async ({ fault }) => {
  expect((await exchange(berth.app, await berth.issuer.sign())).status).toBe(200);
  const before = berth.issuer.requests.jwks;
  berth.issuer.faults.jwks = fault;
  const tokens = await signEach(
    () => ({}),
    (at) => ({ kid: `stranger-${at}` }),
  );
  expect(await reasonsOf(tokens)).toEqual(new Set(["key_unknown"]));
  expect(berth.issuer.requests.jwks - before).toBe(1);
  expect(await berth.minted()).toBe(1);
});
