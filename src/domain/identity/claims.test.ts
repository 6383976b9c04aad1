import { describe, expect, it } from "vitest";
import { asVerifiedClaims, comparableClaim, stringClaim } from "./claims.ts";
import { JsonNumber, type JsonValue } from "./strict-json.ts";

const LARGE_ID = "9007199254740993";

const ROWS: { value: JsonValue; kind: string; string?: string; comparable?: string }[] = [
  { kind: "a string", value: "main", string: "main", comparable: "main" },
  { kind: "a string of digits", value: "42", string: "42", comparable: "42" },
  { kind: "the empty string", value: "", string: "" },
  { kind: "a number", value: new JsonNumber("42"), comparable: "42" },
  { kind: "a number beyond a double's digits", value: new JsonNumber(LARGE_ID), comparable: LARGE_ID },
  { kind: "a number spelt otherwise", value: new JsonNumber("42.0"), comparable: "42.0" },
  { kind: "true", value: true, comparable: "true" },
  { kind: "false", value: false, comparable: "false" },
  { kind: "null", value: null },
  { kind: "a list", value: ["main"] },
  { kind: "an object", value: new Map([["main", true]]) },
];

describe.each(ROWS)("a claim that is $kind", ({ value, string, comparable }) => {
  const claims = new Map([["claim", value]]);

  it(`is ${string === undefined ? "no string" : `the string '${string}'`}`, () => {
    expect(stringClaim(claims, "claim")).toBe(string);
  });

  it(`is compared as ${comparable ?? "absent"}`, () => {
    expect(comparableClaim(claims, "claim")).toBe(comparable);
  });
});

describe("a claim that is absent", () => {
  it.each(["claim", "constructor", "__proto__", "size"])("stays absent by the name %s", (name) => {
    const claims = new Map([["other", "main"]]);
    expect(stringClaim(claims, name)).toBeUndefined();
    expect(comparableClaim(claims, name)).toBeUndefined();
  });
});

it("verified claims are the payload itself", () => {
  const payload = new Map([["sub", "a"]]);
  expect(asVerifiedClaims(payload)).toBe(payload);
});
