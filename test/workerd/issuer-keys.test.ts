import { afterEach, describe, expect, it } from "vitest";
import { startTestBerth, type TestBerth } from "../support/berth-app.ts";
import { exchange } from "../support/requests.ts";

let berth: TestBerth;
afterEach(() => berth.close());

async function outcome(): Promise<unknown> {
  const { status, body } = await exchange(berth.app, await berth.issuer.sign());
  return status === 200 ? "minted" : body.reason;
}

const ONE = { discovery: 1, jwks: 1 };
const TWO = { discovery: 2, jwks: 2 };

describe("the keys of an issuer, in its object", () => {
  it("are fetched once, however many jobs ask", async () => {
    berth = await startTestBerth();
    const outcomes = await Promise.all(Array.from({ length: 20 }, outcome));
    expect(new Set(outcomes)).toEqual(new Set(["minted"]));
    expect(berth.issuer.requests).toEqual(ONE);
  });

  it("follow a rotation by one fetch, and then wait for the cool-down", async () => {
    berth = await startTestBerth();
    expect(await outcome()).toBe("minted");
    await berth.issuer.rotate();
    const outcomes = await Promise.all(Array.from({ length: 20 }, outcome));
    expect(new Set(outcomes)).toEqual(new Set(["minted"]));
    expect(berth.issuer.requests).toEqual(TWO);
    await berth.issuer.rotate();
    expect(await outcome()).toBe("key_unknown");
    expect(berth.issuer.requests).toEqual(TWO);
  });

  it("serve while the issuer is down", async () => {
    berth = await startTestBerth();
    expect(await outcome()).toBe("minted");
    berth.issuer.faults.discovery = "down";
    berth.clock.advance(2 * 3_600_000);
    berth.storeClock.advance(2 * 3_600_000);
    expect(await outcome()).toBe("minted");
  });

  it.each(["discovery", "jwks"] as const)("are not fetched where %s redirects", async (document) => {
    berth = await startTestBerth();
    berth.issuer.faults[document] = "redirect";
    expect(await outcome()).toBe("keys_unavailable");
  });

  it("begin anew when what the issuer is trusted for changes", async () => {
    berth = await startTestBerth();
    expect(await outcome()).toBe("minted");
    await berth.put({ issuer: { nonce: "another-nonce" } });
    berth.clock.advance(1000);
    berth.storeClock.advance(1000);
    expect(await outcome()).toBe("minted");
    expect(berth.issuer.requests).toEqual(TWO);
  });

  it("of a private network are none: no Worker gets there", async () => {
    const keys = { kind: "discovery", jwksHosts: [], privateNetwork: true } as const;
    berth = await startTestBerth({ issuer: { keys } });
    expect(await outcome()).toBe("keys_unavailable");
    expect(berth.issuer.requests).toEqual({ discovery: 0, jwks: 0 });
  });

  it("may be written down, and are then nobody's to fetch", async () => {
    berth = await startTestBerth();
    const jwks = JSON.stringify({ keys: [berth.issuer.signingKey.publicJwk()] });
    const expiresAt = berth.clock.seconds() + 3600;
    await berth.put({ issuer: { keys: { kind: "inline", jwks, expiresAt } } });
    expect(await outcome()).toBe("minted");
    expect(berth.issuer.requests).toEqual({ discovery: 0, jwks: 0 });
  });
});
