import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64url, encodeBase64url, isCanonicalBase64url } from "./base64url.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const someBytes = fc.uint8Array({ minLength: 1, maxLength: 100 });

describe("base64url", () => {
  // RFC 4648 §10, and the two digits that base64 writes otherwise.
  it.each([
    { bytes: [], text: "" },
    { bytes: [0x66], text: "Zg" },
    { bytes: [0x66, 0x6f], text: "Zm8" },
    { bytes: [0x66, 0x6f, 0x6f], text: "Zm9v" },
    { bytes: [0x66, 0x6f, 0x6f, 0x62, 0x61, 0x72], text: "Zm9vYmFy" },
    { bytes: [0xfb, 0xef, 0xbe], text: "----" },
    { bytes: [0xff, 0xff, 0xff], text: "____" },
  ])("spells $bytes as '$text', and back", ({ bytes, text }) => {
    expect(encodeBase64url(Uint8Array.from(bytes))).toBe(text);
    expect(decodeBase64url(text)).toEqual(Uint8Array.from(bytes));
    expect(isCanonicalBase64url(text)).toBe(true);
  });

  // attack 21
  it.each([
    { change: "one digit, which is no byte", text: "Z" },
    { change: "five digits", text: "Zm9vY" },
    { change: "spare bits after one byte, the lowest", text: "Zh" },
    { change: "spare bits after one byte, the highest", text: "Zo" },
    { change: "spare bits after two bytes, the lowest", text: "Zm9" },
    { change: "spare bits after two bytes, the highest", text: "Zm-" },
    { change: "padding", text: "Zg==" },
    { change: "one padding character", text: "Zm8=" },
    { change: "base64's 62nd digit", text: "++++" },
    { change: "base64's 63rd digit", text: "////" },
    { change: "a space within", text: "Zm 9v" },
    { change: "a space before", text: " Zm9v" },
    { change: "a line feed after", text: "Zm9v\n" },
    { change: "a letter beyond ASCII", text: "Zm9ｖ" },
  ])("refuses $change", ({ text }) => {
    expect(isCanonicalBase64url(text)).toBe(false);
    expect(decodeBase64url(text)).toBeUndefined();
  });

  it("gives back any bytes", () => {
    return fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(decodeBase64url(encodeBase64url(bytes))).toEqual(Uint8Array.from(bytes));
      }),
    );
  });

  // attack 21
  it("accepts a text only if it is what its bytes are spelled as", () => {
    const spelling = fc.string({ unit: fc.constantFrom(...ALPHABET, "=", "+", "/", " "), maxLength: 8 });
    return fc.assert(
      fc.property(spelling, (text) => {
        const bytes = decodeBase64url(text);
        expect(bytes === undefined || encodeBase64url(bytes) === text).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("has no second spelling of the last digit for the same bytes", () => {
    return fc.assert(
      fc.property(someBytes, (bytes) => {
        const text = encodeBase64url(bytes);
        const twins = [...ALPHABET].map((digit) => text.slice(0, -1) + digit).filter((twin) => twin !== text);
        const same = twins.filter((twin) => Buffer.from(twin, "base64url").equals(bytes));
        expect(same.filter(isCanonicalBase64url)).toEqual([]);
      }),
    );
  });

  it("refuses padding and white space wherever they stand", () => {
    const stray = fc.constantFrom("=", "==", " ", "\t", "\n", "\r\n");
    return fc.assert(
      fc.property(someBytes, stray, fc.nat(), (bytes, added, place) => {
        const text = encodeBase64url(bytes);
        const at = place % (text.length + 1);
        expect(isCanonicalBase64url(text.slice(0, at) + added + text.slice(at))).toBe(false);
      }),
    );
  });
});
