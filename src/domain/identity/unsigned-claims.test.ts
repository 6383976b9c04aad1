import { describe, expect, it } from "vitest";
import { err } from "../result.ts";
import { encodeBase64url } from "./base64url.ts";
import { MAX_IDENTITY_TOKEN_BYTES } from "./identity-token.ts";
import { holdsSignedToken, parseUnsignedClaims, stripSignature } from "./unsigned-claims.ts";

const part = (value: object) => encodeBase64url(new TextEncoder().encode(JSON.stringify(value)));
const HEADER = part({ alg: "RS256" });
const PAYLOAD = part({ iss: "https://issuer.example.com" });
const SIGNED = `${HEADER}.${PAYLOAD}.c2lnbmF0dXJl`;

describe("parseUnsignedClaims", () => {
  it.each([
    ["claims as JSON", '{"iss":"https://issuer.example.com"}'],
    ["claims with white space around", ' \n{"iss":"https://issuer.example.com"}\n'],
    ["a token without its signature", `${HEADER}.${PAYLOAD}.`],
    ["a token without its signature and last dot", `${HEADER}.${PAYLOAD}\n`],
  ])("takes %s", (_, text) => {
    expect(parseUnsignedClaims(text)).toEqual({
      ok: true,
      value: new Map([["iss", "https://issuer.example.com"]]),
    });
  });

  it.each([
    ["a signed token", SIGNED],
    ["a signed token in a file", `\n${SIGNED}\n`],
    ["a signed token with another header", `e30.${PAYLOAD}.c2ln`],
    ["a signed token with another header in a file", `\ne30.${PAYLOAD}.c2ln\n`],
    ["the answer of a platform around one", `{"value":"${SIGNED}"}`],
    ["a header with one", `Bearer ${SIGNED}`],
  ])("refuses %s", (_, text) => {
    expect(parseUnsignedClaims(text)).toEqual(err({ reason: "token_signed" }));
  });

  it.each([
    ["nothing", ""],
    ["a list", "[]"],
    ["a key twice", '{"iss":"a","iss":"b"}'],
    ["a payload that is no base64url", `${HEADER}.***`],
    ["a payload that is no object", `${HEADER}.${encodeBase64url(new TextEncoder().encode("[]"))}.`],
    ["one part", HEADER],
  ])("refuses %s", (_, text) => {
    expect(parseUnsignedClaims(text)).toEqual(
      err({ reason: "claims_malformed", detail: "not a strict JSON object" }),
    );
  });

  it("takes what is as long as an identity token may be, and no more", () => {
    const filler = "a".repeat(MAX_IDENTITY_TOKEN_BYTES - '{"a":""}'.length);
    expect(parseUnsignedClaims(`{"a":"${filler}"}`)).toEqual({ ok: true, value: new Map([["a", filler]]) });
    expect(parseUnsignedClaims(`{"a":"${filler}a"}`)).toEqual(
      err({ reason: "claims_malformed", detail: "too long" }),
    );
  });
});

describe("stripSignature", () => {
  it("keeps header and payload", () => {
    expect(stripSignature(` ${SIGNED}\n`)).toBe(`${HEADER}.${PAYLOAD}.`);
    expect(holdsSignedToken(stripSignature(SIGNED) ?? SIGNED)).toBe(false);
  });

  it.each(["", "a.b", "a.b.c.d", '{"iss":"x"}'])("has nothing for '%s'", (text) => {
    expect(stripSignature(text)).toBeUndefined();
  });
});
