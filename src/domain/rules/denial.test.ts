import { describe, expect, it } from "vitest";
import { aRule, ISSUER_URL, PUBLIC_URL, SUBJECT } from "../../../test/support/baseline.ts";
import { asVerifiedClaims } from "../identity/claims.ts";
import { generic } from "../identity/profiles/generic.ts";
import type { Profile } from "../identity/profiles/profile.ts";
import type { JsonValue } from "../identity/strict-json.ts";
import { failedCondition, namesClaim } from "./federation-rule.ts";

const claimsWith = (change: Record<string, JsonValue> = {}) =>
  asVerifiedClaims(new Map(Object.entries({ iss: ISSUER_URL, sub: SUBJECT, aud: PUBLIC_URL, ...change })));

/** A family that denies night jobs unless a rule names `shift`, and odd subjects unless a rule writes one out. */
const STRICT: Profile = {
  ...generic,
  denials: [
    { claim: "shift", denies: (claims) => claims.get("shift") === "night", what: "a night job" },
    { claim: "sub", denies: (claims) => claims.get("odd") === true, what: "an odd subject" },
  ],
};

describe("a job that its family denies", () => {
  it.each([
    { job: "a day job", claims: { shift: "day" }, rule: {}, failed: undefined },
    { job: "a night job", claims: { shift: "night" }, rule: {}, failed: "denied: a night job" },
    {
      job: "a night job by a rule that names another claim",
      claims: { shift: "night", ref: "main" },
      rule: { claims: { ref: ["main"] } },
      failed: "denied: a night job",
    },
    {
      job: "a night job by a rule that asks for it",
      claims: { shift: "night" },
      rule: { claims: { shift: ["night"] } },
      failed: undefined,
    },
    {
      job: "a night job by a rule that takes anything beside it",
      claims: { shift: "night" },
      rule: { claims: { shift: ["night", "*"] } },
      failed: "denied: a night job",
    },
    {
      job: "an odd subject by a rule with a wildcard",
      claims: { odd: true },
      rule: { subject: "repo:acme/**" },
      failed: "denied: an odd subject",
    },
    {
      job: "an odd subject by a rule that writes it out",
      claims: { odd: true },
      rule: {},
      failed: undefined,
    },
  ])("$job: $failed", ({ claims, rule, failed }) => {
    expect(failedCondition(aRule(rule), claimsWith(claims), STRICT)).toBe(failed);
  });
});

describe("namesClaim", () => {
  const names = (claim: string, subject = SUBJECT) =>
    namesClaim({ subject, claims: { ref: ["main"], sub: ["x"] } }, claim);

  it.each([
    ["ref", true],
    ["event_name", false],
    ["constructor", false],
    ["", false],
    ["sub", true],
  ] as const)("of %j is %s", (claim, named) => {
    expect(names(claim)).toBe(named);
  });

  it("asks the subject, which a wildcard leaves open, and not an entry of that name", () => {
    expect(names("sub", "repo:acme/*")).toBe(false);
  });
});

// attack 54
it("a claim that is absent matches no pattern, not even the one that takes anything", () => {
  expect(failedCondition(aRule({ claims: { ref: ["**"] } }), claimsWith(), generic)).toBe("claim ref");
});

// attack 58
it("a token that contradicts itself matches no subject, whatever the rule takes", () => {
  const contradicted: Profile = { ...generic, subjectSpellings: () => undefined };
  expect(failedCondition(aRule({ subject: "**" }), claimsWith(), contradicted)).toBe("subject");
});
