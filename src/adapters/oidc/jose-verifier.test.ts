import { describe, expect, it } from "vitest";
import { PUBLIC_URL } from "../../../test/support/baseline.ts";
import { IssuerKeyPair } from "../../../test/support/issuer-key-pair.ts";
import { startVerifierWorld } from "../../../test/support/verifier-world.ts";
import type { SignatureVerdict } from "../../usecases/key-ports.ts";

const ONE = { discovery: 1, jwks: 1 };

describe("a token that stands", () => {
  it.each(["ES256", "RS256", "EdDSA"] as const)("by %s", async (algorithm) => {
    const { issuer, events, verify } = await startVerifierWorld({ algorithm });
    expect(await verify(await issuer.sign())).toBe("verified");
    expect(events).toEqual([{ kind: "keys_fetched", issuer: issuer.url, keys: 1 }]);
    expect(issuer.requests).toEqual(ONE);
  });

  it("without a key id, of an issuer with one key that fits", async () => {
    const { issuer, verify } = await startVerifierWorld();
    issuer.extraKeys = [new IssuerKeyPair("rsa", "RS256").publicJwk()];
    expect(await verify(await issuer.sign({}, { kid: undefined }))).toBe("verified");
  });

  it("under the second of two keys with one id", async () => {
    const { issuer, verify } = await startVerifierWorld();
    const twin = new IssuerKeyPair(issuer.signingKey.kid, "ES256");
    issuer.extraKeys = [twin.publicJwk()];
    expect(await verify(await issuer.sign({}, {}, { key: twin }))).toBe("verified");
    expect(await verify(await issuer.sign())).toBe("verified");
    expect(issuer.requests).toEqual(ONE);
  });

  it("at the last second of the tolerance", async () => {
    const { issuer, verify, now } = await startVerifierWorld();
    expect(await verify(await issuer.sign({ exp: now() - 29 }))).toBe("verified");
    expect(await verify(await issuer.sign({ nbf: now() + 30 }))).toBe("verified");
  });
});

describe("a token that does not", () => {
  it.each<{ change: string; claims: (now: number) => Record<string, unknown>; verdict: SignatureVerdict }>([
    { change: "exp at the tolerance", claims: (now) => ({ exp: now - 30 }), verdict: "token_expired" },
    {
      change: "nbf past the tolerance",
      claims: (now) => ({ nbf: now + 31 }),
      verdict: "token_not_yet_valid",
    },
    {
      change: "another audience",
      claims: () => ({ aud: "https://other.example.com" }),
      verdict: "audience_mismatch",
    },
    { change: "no audience", claims: () => ({ aud: undefined }), verdict: "audience_mismatch" },
    {
      change: "a longer audience",
      claims: () => ({ aud: `${PUBLIC_URL}.evil` }),
      verdict: "audience_mismatch",
    },
    { change: "an audience that is an object", claims: () => ({ aud: {} }), verdict: "audience_mismatch" },
    { change: "no exp", claims: () => ({ exp: undefined }), verdict: "claim_malformed" },
    { change: "exp as a text", claims: (now) => ({ exp: String(now + 300) }), verdict: "claim_malformed" },
    { change: "no iat", claims: () => ({ iat: undefined }), verdict: "claim_malformed" },
    { change: "nbf as a text", claims: (now) => ({ nbf: String(now) }), verdict: "claim_malformed" },
    {
      change: "another issuer",
      claims: () => ({ iss: "https://other.example.com" }),
      verdict: "claim_malformed",
    },
  ])("$change: $verdict", async ({ claims, verdict }) => {
    const { issuer, verify, now } = await startVerifierWorld();
    expect(await verify(await issuer.sign(claims(now())))).toBe(verdict);
    expect(issuer.requests).toEqual(ONE);
  });

  it("a signature by another key under the id of a known one: signature_invalid", async () => {
    const { issuer, verify } = await startVerifierWorld();
    const key = new IssuerKeyPair(issuer.signingKey.kid, "ES256");
    expect(await verify(await issuer.sign({}, {}, { key }))).toBe("signature_invalid");
  });

  // attack 15
  it.each([
    // CVE-2022-21449: r = s = 0 verified under any key.
    { change: "zero", signature: Buffer.alloc(64) },
    { change: "too short", signature: Buffer.alloc(63, 1) },
    { change: "one byte", signature: Buffer.alloc(1, 1) },
    { change: "in DER", signature: Buffer.from("3006020101020101", "hex") },
  ])("a signature that is $change: signature_invalid", async ({ signature }) => {
    const { issuer, verify } = await startVerifierWorld();
    const [header, payload] = (await issuer.sign()).split(".");
    expect(await verify(`${header}.${payload}.${signature.toString("base64url")}`)).toBe("signature_invalid");
  });

  it("claims that were changed after the signature: signature_invalid", async () => {
    const { issuer, verify } = await startVerifierWorld();
    const [header, , signature] = (await issuer.sign()).split(".");
    const [, payload] = (await issuer.sign({ sub: "repo:evil/app" })).split(".");
    expect(await verify(`${header}.${payload}.${signature}`)).toBe("signature_invalid");
  });

  it("an unknown key id: key_unknown", async () => {
    const { issuer, verify } = await startVerifierWorld();
    expect(await verify(await issuer.sign({}, { kid: "key-9" }))).toBe("key_unknown");
  });

  // attack 24
  it("no key id where two keys fit: key_unknown", async () => {
    const { issuer, verify } = await startVerifierWorld();
    issuer.extraKeys = [new IssuerKeyPair("other", "ES256").publicJwk()];
    expect(await verify(await issuer.sign({}, { kid: undefined }))).toBe("key_unknown");
  });

  // attack 13
  it("a known key under an algorithm that is not its own: key_unknown", async () => {
    const { issuer, verify } = await startVerifierWorld({ algorithm: "RS256" });
    const trusted = issuer.issuer({ algorithms: ["RS256", "PS256"] });
    expect(await verify(await issuer.sign({}, { alg: "PS256" }), trusted)).toBe("key_unknown");
  });

  it("an algorithm in the header that is not the one that was checked: signature_invalid", async () => {
    const { issuer, verify } = await startVerifierWorld();
    const token = await issuer.sign({}, { alg: "RS256" });
    expect(await verify(token, issuer.issuer(), { algorithm: "ES256" })).toBe("signature_invalid");
  });

  // attack 26
  it("the key of one issuer under its id at another: signature_invalid", async () => {
    const [one, other] = [await startVerifierWorld(), await startVerifierWorld()];
    expect(one.issuer.signingKey.kid).toBe(other.issuer.signingKey.kid);
    expect(await one.verify(await one.issuer.sign())).toBe("verified");
    const forged = await one.issuer.sign({ iss: one.issuer.url }, {}, { key: other.issuer.signingKey });
    expect(await one.verify(await other.issuer.sign(), other.issuer.issuer())).toBe("verified");
    expect(await one.verify(forged)).toBe("signature_invalid");
  });
});
