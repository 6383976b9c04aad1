import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { IssuerKeyPair } from "../../../test/support/issuer-key-pair.ts";
import { encodeBase64url } from "../../domain/identity/base64url.ts";
import { ALGORITHMS, type Algorithm } from "../../domain/identity/issuer.ts";
import { parseKeySet } from "./key-set.ts";
import type { KeySkipReason } from "./public-key.ts";

const GOOD = new IssuerKeyPair("good", "ES256");
const EC = new IssuerKeyPair("odd", "ES256").publicJwk();
const RSA = new IssuerKeyPair("odd", "RS256").publicJwk();
const ED25519 = new IssuerKeyPair("odd", "EdDSA").publicJwk();

interface Parsed {
  readonly size: number;
  readonly skipped: readonly (readonly [string | undefined, KeySkipReason])[];
  count(algorithm: Algorithm, keyId?: string): number;
}

async function parse(
  keys: readonly unknown[],
  algorithms: readonly Algorithm[] = ALGORITHMS,
): Promise<Parsed> {
  const skipped: [string | undefined, KeySkipReason][] = [];
  const set = await parseKeySet(JSON.stringify({ keys }), algorithms, (keyId, reason) =>
    skipped.push([keyId, reason]),
  );
  const count = (algorithm: Algorithm, keyId?: string) => set.candidates({ algorithm, keyId }).length;
  return { size: set.size, skipped, count };
}

function without(jwk: Record<string, unknown>, ...names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(jwk).filter(([name]) => !names.includes(name)));
}

function rsaOfBits(modulusLength: number): Record<string, unknown> {
  return { ...generateKeyPairSync("rsa", { modulusLength }).publicKey.export({ format: "jwk" }), kid: "odd" };
}

/** A key of which nothing but the sizes matters: that many bits, all ones. */
function rsaModulus(bits: number): string {
  return encodeBase64url(new Uint8Array(bits / 8).fill(0xff));
}

// attack 14
describe("a key that is skipped, while the good one beside it serves", () => {
  it.each<{ change: string; key: unknown; reason: KeySkipReason }>([
    { change: "a shared secret", key: { kty: "oct", kid: "odd", k: "c2VjcmV0" }, reason: "key_symmetric" },
    {
      change: "a private half",
      key: new IssuerKeyPair("odd", "ES256").privateJwk(),
      reason: "key_private",
    },
    { change: "a private RSA prime", key: { ...RSA, p: "AQAB" }, reason: "key_private" },
    { change: "use: enc", key: { ...EC, use: "enc" }, reason: "key_not_for_signatures" },
    { change: "key_ops without verify", key: { ...EC, key_ops: ["sign"] }, reason: "key_not_for_signatures" },
    { change: "an alg for encryption", key: { ...RSA, alg: "RSA-OAEP" }, reason: "key_without_algorithm" },
    { change: "an alg of another type", key: { ...EC, alg: "RS256" }, reason: "key_without_algorithm" },
    { change: "a curve that is not alg's", key: { ...EC, crv: "P-384" }, reason: "key_without_algorithm" },
    {
      change: "a curve that nobody knows",
      key: { ...without(EC, "alg"), crv: "P-9" },
      reason: "key_without_algorithm",
    },
    { change: "X25519", key: { ...ED25519, crv: "X25519" }, reason: "key_without_algorithm" },
    { change: "a type that nobody knows", key: { kty: "AKP", kid: "odd" }, reason: "key_without_algorithm" },
    { change: "1,024 bits", key: rsaOfBits(1024), reason: "key_weak" },
    { change: "2,040 bits", key: { ...RSA, n: rsaModulus(2040) }, reason: "key_weak" },
    { change: "16,384 bits", key: { ...RSA, n: rsaModulus(16_384) }, reason: "key_weak" },
    { change: "no modulus", key: without(RSA, "n"), reason: "key_weak" },
    { change: "an exponent of 1", key: { ...RSA, e: "AQ" }, reason: "key_weak" },
    { change: "an even exponent", key: { ...RSA, e: "AQAA" }, reason: "key_weak" },
    { change: "an exponent of 72 bits", key: { ...RSA, e: rsaModulus(72) }, reason: "key_weak" },
    { change: "no exponent", key: without(RSA, "e"), reason: "key_weak" },
    { change: "a point off the curve", key: { ...EC, y: EC.x }, reason: "key_malformed" },
    { change: "half a point", key: without(EC, "y"), reason: "key_malformed" },
    { change: "a number for a coordinate", key: { ...EC, x: 7 }, reason: "key_malformed" },
    { change: "no kty", key: without(EC, "kty"), reason: "key_malformed" },
    { change: "an empty kid", key: { ...EC, kid: "" }, reason: "key_malformed" },
  ])("$change: $reason", async ({ key, reason }) => {
    const { size, skipped, count } = await parse([key, GOOD.publicJwk()]);
    expect({ size, skipped, count: count("ES256", "good") }).toEqual({
      size: 1,
      skipped: [[(key as { kid: string }).kid, reason]],
      count: 1,
    });
  });

  it.each([
    ["null", null],
    ["a text", "key"],
    ["a list", []],
  ])("%s: key_malformed", async (_name, key) => {
    expect((await parse([key, GOOD.publicJwk()])).skipped).toEqual([[undefined, "key_malformed"]]);
  });

  it("cuts a key id of its issuer before it is told", async () => {
    const { skipped } = await parse([{ ...EC, kid: "k".repeat(300) }, GOOD.publicJwk()]);
    expect(skipped).toEqual([["k".repeat(256), "key_malformed"]]);
  });
});

describe("a key that serves", () => {
  it.each<{ change: string; key: Record<string, unknown>; algorithms: readonly Algorithm[] }>([
    { change: "EC", key: EC, algorithms: ["ES256"] },
    { change: "EC without alg", key: without(EC, "alg"), algorithms: ["ES256"] },
    { change: "EC without use", key: without(EC, "use"), algorithms: ["ES256"] },
    { change: "EC for verify", key: { ...EC, key_ops: ["verify"] }, algorithms: ["ES256"] },
    {
      change: "EC with a chain that nobody looks at",
      key: { ...EC, x5c: ["AA=="], x5t: "AA" },
      algorithms: ["ES256"],
    },
    { change: "EC with x5u", key: { ...EC, x5u: "https://other.example.com/" }, algorithms: ["ES256"] },
    { change: "RSA with alg", key: RSA, algorithms: ["RS256"] },
    {
      change: "RSA without alg",
      key: without(RSA, "alg"),
      algorithms: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
    },
    {
      change: "RSA with a leading zero octet, as Jenkins writes it",
      key: {
        ...RSA,
        n: encodeBase64url(Buffer.concat([Buffer.of(0), Buffer.from(String(RSA.n), "base64url")])),
      },
      algorithms: ["RS256"],
    },
    { change: "Ed25519", key: ED25519, algorithms: ["EdDSA"] },
  ])("$change: $algorithms", async ({ key, algorithms }) => {
    const { skipped, count } = await parse([key]);
    expect(skipped).toEqual([]);
    expect(ALGORITHMS.filter((algorithm) => count(algorithm, "odd") === 1)).toEqual(algorithms);
  });

  it("serves only the algorithms that its issuer is registered with", async () => {
    const { count } = await parse([without(RSA, "alg")], ["RS512", "ES256"]);
    expect(ALGORITHMS.filter((algorithm) => count(algorithm, "odd") === 1)).toEqual(["RS512"]);
  });
});

describe("the choice of a key", () => {
  const [one, two] = [new IssuerKeyPair("one", "ES256"), new IssuerKeyPair("two", "ES256")];
  const nameless = without(two.publicJwk(), "kid");

  it("is by key id", async () => {
    const { count } = await parse([one.publicJwk(), two.publicJwk(), RSA]);
    expect([count("ES256", "one"), count("ES256", "three"), count("RS256", "one")]).toEqual([1, 0, 0]);
  });

  it("without a key id falls on the only key that fits the algorithm", async () => {
    expect((await parse([one.publicJwk(), RSA])).count("ES256")).toBe(1);
    expect((await parse([one.publicJwk(), two.publicJwk()])).count("ES256")).toBe(0);
    expect((await parse([one.publicJwk(), nameless])).count("ES256")).toBe(0);
  });

  it("by a key id falls on the only key that fits when that key has none", async () => {
    expect((await parse([nameless, RSA])).count("ES256", "any")).toBe(1);
    expect((await parse([nameless, one.publicJwk()])).count("ES256", "any")).toBe(0);
    expect((await parse([one.publicJwk()])).count("ES256", "any")).toBe(0);
  });

  // attack 26
  it("falls on each of a few keys under one id, and skips the rest", async () => {
    const five = Array.from({ length: 5 }, () => new IssuerKeyPair("same", "ES256").publicJwk());
    const { count, skipped } = await parse(five);
    expect({ count: count("ES256", "same"), skipped }).toEqual({
      count: 4,
      skipped: [["same", "key_id_crowded"]],
    });
  });

  // attack 25
  it.each(["__proto__", "constructor", "../../etc/passwd", "' OR 1=1", "a\r\nb"])(
    "takes the key id %j for nothing but itself",
    async (keyId) => {
      expect((await parse([one.publicJwk(), two.publicJwk()])).count("ES256", keyId)).toBe(0);
    },
  );
});

// attack 32, 33
describe("a set that is refused whole", () => {
  it.each([
    { change: "no JSON", text: "<html></html>", reason: "key_set_malformed" },
    { change: "a list", text: "[]", reason: "key_set_malformed" },
    { change: "no keys", text: "{}", reason: "key_set_malformed" },
    { change: "an error in place of keys", text: '{"error":"busy"}', reason: "key_set_malformed" },
    { change: "keys that are an object", text: '{"keys":{}}', reason: "key_set_malformed" },
    { change: "nesting without an end", text: "[".repeat(200_000), reason: "key_set_malformed" },
    { change: "an empty list", text: '{"keys":[]}', reason: "no_usable_keys" },
    {
      change: "nothing but unusable keys",
      text: '{"keys":[{"kty":"oct","k":"AA"}]}',
      reason: "no_usable_keys",
    },
    {
      change: "101 keys",
      text: JSON.stringify({ keys: new Array(101).fill(GOOD.publicJwk()) }),
      reason: "too_many_keys",
    },
  ])("$change: $reason", async ({ text, reason }) => {
    await expect(parseKeySet(text, ALGORITHMS, () => undefined)).rejects.toMatchObject({ reason });
  });

  it("bytes that are not UTF-8: key_set_malformed", async () => {
    const bytes = Uint8Array.of(0x22, 0xff, 0x22);
    await expect(parseKeySet(bytes, ALGORITHMS, () => undefined)).rejects.toMatchObject({
      reason: "key_set_malformed",
    });
  });
});
