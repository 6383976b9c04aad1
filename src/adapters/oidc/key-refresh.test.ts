import { describe, expect, it } from "vitest";
import { IssuerKeyPair } from "../../../test/support/issuer-key-pair.ts";
import { startVerifierWorld } from "../../../test/support/verifier-world.ts";

const ONE = { discovery: 1, jwks: 1 };
const TWO = { discovery: 2, jwks: 2 };
const THREE = { discovery: 3, jwks: 3 };

describe("rotation", () => {
  it("to a new key id is followed at once", async () => {
    const { issuer, verify } = await startVerifierWorld();
    await verify(await issuer.sign());
    await issuer.rotate();
    expect(await verify(await issuer.sign())).toBe("verified");
    expect(issuer.requests).toEqual(TWO);
  });

  // attack 30
  it("under the same key id is followed at once (Jenkins keeps the id)", async () => {
    const { issuer, verify } = await startVerifierWorld();
    await verify(await issuer.sign());
    await issuer.rotate({ keepKid: true });
    expect(await verify(await issuer.sign())).toBe("verified");
    expect(issuer.requests).toEqual(TWO);
  });

  it("twice within a cool-down is followed when that is over", async () => {
    const { issuer, verify, advance } = await startVerifierWorld();
    await verify(await issuer.sign());
    await issuer.rotate();
    await verify(await issuer.sign());
    await issuer.rotate();
    advance(29);
    expect(await verify(await issuer.sign())).toBe("key_unknown");
    advance(1);
    expect(await verify(await issuer.sign())).toBe("verified");
    expect(issuer.requests).toEqual(THREE);
  });

  it("costs many jobs at once one fetch, and all are let in", async () => {
    const { issuer, verify } = await startVerifierWorld();
    await verify(await issuer.sign());
    await issuer.rotate();
    const tokens = await Promise.all(Array.from({ length: 50 }, () => issuer.sign()));
    expect(new Set(await Promise.all(tokens.map((token) => verify(token))))).toEqual(new Set(["verified"]));
    expect(issuer.requests).toEqual(TWO);
  });
});

describe("the cost of invented tokens", () => {
  // attack 27
  it("1,000 unknown key ids cost an issuer that is up one refresh a cool-down", async () => {
    const { issuer, verify, advance } = await startVerifierWorld();
    await verify(await issuer.sign());
    const flood = async () => {
      for (let count = 0; count < 1000; count += 1) {
        expect(await verify(await issuer.sign({}, { kid: `invented-${count}` }))).toBe("key_unknown");
      }
    };
    await flood();
    expect(issuer.requests).toEqual(TWO);
    advance(30);
    expect(await verify(await issuer.sign({}, { kid: "invented" }))).toBe("key_unknown");
    expect(issuer.requests).toEqual(THREE);
  });

  // attack 27
  it("1,000 unknown key ids cost an issuer that is down one refresh a cool-down", async () => {
    const { issuer, verify } = await startVerifierWorld();
    await verify(await issuer.sign());
    issuer.faults.discovery = "down";
    for (let count = 0; count < 1000; count += 1) {
      expect(await verify(await issuer.sign({}, { kid: `invented-${count}` }))).toBe("key_unknown");
    }
    expect(issuer.requests).toEqual({ discovery: 2, jwks: 1 });
    expect(await verify(await issuer.sign())).toBe("verified");
  });

  // attack 30
  it("1,000 bad signatures under a known key id cost one refresh", async () => {
    const { issuer, verify } = await startVerifierWorld();
    await verify(await issuer.sign());
    const key = new IssuerKeyPair(issuer.signingKey.kid, "ES256");
    const tokens = await Promise.all(Array.from({ length: 1000 }, () => issuer.sign({}, {}, { key })));
    const verdicts = new Set(await Promise.all(tokens.map((token) => verify(token))));
    expect(verdicts).toEqual(new Set(["signature_invalid"]));
    expect(issuer.requests).toEqual(TWO);
  });

  it("100 jobs at an issuer whose keys are not there yet cost one fetch", async () => {
    const { issuer, verify } = await startVerifierWorld();
    const tokens = await Promise.all(Array.from({ length: 100 }, () => issuer.sign()));
    expect(new Set(await Promise.all(tokens.map((token) => verify(token))))).toEqual(new Set(["verified"]));
    expect(issuer.requests).toEqual(ONE);
  });

  it("100 jobs at an issuer that was never reached cost one fetch a cool-down", async () => {
    const { issuer, verify, advance } = await startVerifierWorld();
    issuer.faults.discovery = "error";
    const token = await issuer.sign();
    for (let count = 0; count < 100; count += 1) expect(await verify(token)).toBe("keys_unavailable");
    expect(issuer.requests).toEqual({ discovery: 1, jwks: 0 });
    issuer.faults.discovery = undefined;
    advance(30);
    expect(await verify(token)).toBe("verified");
  });
});

describe("a change of the issuer's record", () => {
  it("begins with no keys: a new nonce fetches anew", async () => {
    const { issuer, verify } = await startVerifierWorld();
    await verify(await issuer.sign());
    issuer.faults.discovery = "down";
    expect(await verify(await issuer.sign(), issuer.issuer({ nonce: "changed" }))).toBe("keys_unavailable");
    expect(await verify(await issuer.sign())).toBe("verified");
  });
});

describe("inline keys", () => {
  const EXPIRY_SECONDS = 600;

  async function startInline() {
    const world = await startVerifierWorld();
    const odd = { kty: "oct", kid: "odd", k: "AA" };
    const jwks = JSON.stringify({ keys: [world.issuer.signingKey.publicJwk(), odd] });
    const keys = { kind: "inline", jwks, expiresAt: world.now() + EXPIRY_SECONDS } as const;
    return { ...world, trusted: world.issuer.issuer({ keys }) };
  }

  it("verify without the network until they end", async () => {
    const { issuer, verify, advance, trusted } = await startInline();
    expect(await verify(await issuer.sign(), trusted)).toBe("verified");
    advance(EXPIRY_SECONDS - 1);
    expect(await verify(await issuer.sign(), trusted)).toBe("verified");
    advance(1);
    expect(await verify(await issuer.sign(), trusted)).toBe("keys_unavailable");
    expect(issuer.connections).toBe(0);
  });

  it("are read once, whatever key ids are asked for", async () => {
    const { issuer, events, verify, trusted } = await startInline();
    for (const kid of ["key-8", "key-9"]) {
      expect(await verify(await issuer.sign({}, { kid }), trusted)).toBe("key_unknown");
    }
    expect(events).toEqual([
      { kind: "key_skipped", issuer: issuer.url, keyId: "odd", reason: "key_symmetric" },
    ]);
  });

  it("that hold no key are unavailable, and say so", async () => {
    const { issuer, verify, events, now } = await startInline();
    const keys = { kind: "inline", jwks: '{"keys":[]}', expiresAt: now() + EXPIRY_SECONDS } as const;
    expect(await verify(await issuer.sign(), issuer.issuer({ keys }))).toBe("keys_unavailable");
    expect(events).toEqual([
      { kind: "key_fetch_failed", issuer: issuer.url, reason: "no_usable_keys", code: undefined },
    ]);
  });
});
