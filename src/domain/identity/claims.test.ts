import { describe, expect, it } from "vitest";
import { claimsOf } from "../../../test/support/claims.ts";
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
  // attack 22
  it.each(["claim", "constructor", "__proto__", "size"])("stays absent by the name %s", (name) => {
    const claims = new Map([["other", "main"]]);
    expect(stringClaim(claims, name)).toBeUndefined();
    expect(comparableClaim(claims, name)).toBeUndefined();
  });
});

describe("a claim by its path", () => {
  const claims = claimsOf({
    "kubernetes.io": { namespace: "ci", serviceaccount: { name: "builder", uid: "6b0c" } },
    "https://sts.amazonaws.com/": { aws_account: "123456789012", request_tags: { team: "a" } },
    "oidc.circleci.com/project-id": "76543210",
    "repo:acme/app": "named like a subject",
    google: { compute_engine: { project_number: 9_876_543_210, preempted: false } },
    "a/b": { "m~n": "escaped", "~1": "tilde one", "": "empty name" },
    "": { "": "empty twice" },
    groups: ["acme", { name: "acme" }],
    nothing: null,
    text: "text",
    ["__proto__"]: { own: "a name like any other" },
  });

  it.each<{ path: string; value: string | undefined }>([
    { path: "oidc.circleci.com/project-id", value: "76543210" },
    { path: "repo:acme/app", value: "named like a subject" },
    { path: "https://sts.amazonaws.com/", value: undefined },
    { path: "/kubernetes.io/namespace", value: "ci" },
    { path: "/kubernetes.io/serviceaccount/uid", value: "6b0c" },
    { path: "/https:~1~1sts.amazonaws.com~1/aws_account", value: "123456789012" },
    { path: "/https:~1~1sts.amazonaws.com~1/request_tags/team", value: "a" },
    { path: "/google/compute_engine/project_number", value: "9876543210" },
    { path: "/google/compute_engine/preempted", value: "false" },
    { path: "/oidc.circleci.com~1project-id", value: undefined },
    { path: "/text", value: undefined },
    { path: "/a~1b/m~0n", value: "escaped" },
    { path: "/a~1b/~01", value: "tilde one" },
    { path: "/a~1b/", value: "empty name" },
    { path: "//", value: "empty twice" },
    // Dots never split a name, so none is taken for a path.
    { path: "kubernetes.io.namespace", value: undefined },
    { path: "/kubernetes/io/namespace", value: undefined },
    { path: "kubernetes.io/namespace", value: undefined },
    { path: "/kubernetes.io", value: undefined },
    { path: "/kubernetes.io/namespace/", value: undefined },
    { path: "/kubernetes.io/namespace/length", value: undefined },
    { path: "/kubernetes.io/Namespace", value: undefined },
    { path: "/a~1b/m~n", value: undefined },
    { path: "/a~1b/m~2n", value: undefined },
    { path: "/text~", value: undefined },
    { path: "/groups/0", value: undefined },
    { path: "/groups/length", value: undefined },
    { path: "/groups/1/name", value: undefined },
    { path: "/nothing", value: undefined },
    { path: "/nothing/deeper", value: undefined },
    { path: "/", value: undefined },
    { path: "", value: undefined },
    { path: "/__proto__/own", value: "a name like any other" },
    { path: "/text/__proto__", value: undefined },
    { path: "/constructor/name", value: undefined },
    { path: "/kubernetes.io/constructor/name", value: undefined },
    { path: "/kubernetes.io/size", value: undefined },
  ])("$path is $value", ({ path, value }) => {
    expect(comparableClaim(claims, path)).toBe(value);
  });
});

it("verified claims are the payload itself", () => {
  const payload = new Map([["sub", "a"]]);
  expect(asVerifiedClaims(payload)).toBe(payload);
});
