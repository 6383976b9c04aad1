import { describe, expect, it } from "vitest";
import { claimsOf } from "../../test/support/claims.ts";
import { ownAudiences, ownClaims, ownProfile } from "./own-claims.ts";

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

const HEADER = part({ alg: "none" });

describe("the job's own claims", () => {
  it("are read, whatever the signature is", () => {
    expect(ownClaims(`${HEADER}.${part({ sub: "x" })}.c2ln`)).toEqual(new Map([["sub", "x"]]));
  });

  it.each([
    ["no token", "brc_07abc"],
    ["two parts", `${HEADER}.${part({})}`],
    ["four parts", `${HEADER}.${part({})}.a.b`],
    ["no signature", `${HEADER}.${part({})}.`],
    ["a host name", "registry.example.com"],
    ["a list", `${HEADER}.${part([])}.c2ln`],
    ["a header that is none", `x.${part({})}.c2ln`],
    ["a claim twice", `${HEADER}.${Buffer.from('{"a":1,"a":2}').toString("base64url")}.c2ln`],
  ])("are not those of %s", (_, token) => {
    expect(ownClaims(token)).toBeUndefined();
  });
});

it.each([
  ["a", ["a"]],
  [
    ["a", "b"],
    ["a", "b"],
  ],
  [["a", 1], ["a"]],
  [undefined, []],
  [{ a: 1 }, []],
])("the audiences of %j are %j", (aud, expected) => {
  expect(ownAudiences(claimsOf({ aud }))).toEqual(expected);
});

it.each([
  ["https://gitlab.com", "explicit", "gitlab"],
  ["https://gitlab.acme.example", "gitlab", "gitlab"],
  ["https://gitlab.com", "kubernetes", "gitlab"],
  ["https://issuer.acme.example", "explicit", "generic"],
])("a token of %s, found by %s, is of the family %s", (iss, platform, family) => {
  expect(ownProfile(claimsOf({ iss }), platform).name).toBe(family);
});
