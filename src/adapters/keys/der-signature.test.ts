import { generateKeyPairSync, sign, verify } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { derToRawSignature } from "./der-signature.ts";

/** RFC 3279 §2.2.3, written the slow way. */
function toDer(r: Uint8Array, s: Uint8Array): Uint8Array {
  const numbers = [r, s].flatMap((number) => {
    const start = number.findIndex((byte) => byte !== 0);
    const digits = start < 0 ? [0] : [...number.subarray(start)];
    if ((digits[0] ?? 0) >= 0x80) digits.unshift(0);
    return [0x02, digits.length, ...digits];
  });
  return Uint8Array.from([0x30, numbers.length, ...numbers]);
}

/** 32 bytes of which the first `zeros` are zero. */
const half = fc
  .tuple(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.integer({ min: 0, max: 32 }))
  .map(([bytes, zeros]) => bytes.fill(0, 0, zeros));

describe("derToRawSignature", () => {
  it("keeps each number in its half, whatever its length", () => {
    fc.assert(
      fc.property(half, half, (r, s) => {
        expect(derToRawSignature(toDer(r, s))).toEqual(Uint8Array.from([...r, ...s]));
      }),
      { numRuns: 2000 },
    );
  });

  it("gives what verifies as ES256, for the signatures with a short r or s that OpenSSL makes", () => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const key = { key: publicKey, dsaEncoding: "ieee-p1363" } as const;
    const data = Buffer.from("header.payload");
    const short = { r: 0, s: 0 };
    // One in 256 is short in r, and one in s: about 16 of each.
    for (let round = 0; round < 4096 || short.r === 0 || short.s === 0; round += 1) {
      const raw = derToRawSignature(sign("sha256", data, privateKey));
      if (raw[0] === 0) short.r += 1;
      else if (raw[32] === 0) short.s += 1;
      else if (round % 64 !== 0) continue;
      expect(verify("sha256", data, key, raw)).toBe(true);
    }
  });
});
