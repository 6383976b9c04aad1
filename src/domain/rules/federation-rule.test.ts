import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aRule, ISSUER_URL, PUBLIC_URL, SUBJECT } from "../../../test/support/baseline.ts";
import { asVerifiedClaims } from "../identity/claims.ts";
import { generic } from "../identity/profiles/generic.ts";
import type { Profile } from "../identity/profiles/profile.ts";
import { JsonNumber, type JsonValue } from "../identity/strict-json.ts";
import {
  type FailedCondition,
  type FederationRule,
  failedCondition,
  MAX_CREDENTIAL_SECONDS,
  MAX_RULES_PER_ROBOT,
  MIN_CREDENTIAL_SECONDS,
  ruleCheckFor,
} from "./federation-rule.ts";

type Change = Record<string, JsonValue | undefined>;

/** The baseline's claims with one change; undefined takes a claim away. */
function claimsWith(change: Change) {
  const claims = new Map<string, JsonValue>();
  const baseline = {
    iss: ISSUER_URL,
    sub: SUBJECT,
    aud: PUBLIC_URL,
    repository_id: "4711",
    environment: "production",
  };
  for (const [name, value] of Object.entries<JsonValue | undefined>({ ...baseline, ...change })) {
    if (value !== undefined) claims.set(name, value);
  }
  return asVerifiedClaims(claims);
}

describe("ruleCheckFor", () => {
  it("asks the token's family for the subject's spellings once, however many rules there are", () => {
    let asked = 0;
    const counted: Profile = {
      ...generic,
      subjectSpellings: (claims) => {
        asked += 1;
        return generic.subjectSpellings(claims);
      },
    };
    const check = ruleCheckFor(claimsWith({}), counted);
    const rules = [aRule({ subject: "repo:acme/other" }), aRule({ enabled: false }), aRule()];
    expect(rules.map(check)).toEqual(["subject", "enabled", undefined]);
    expect(asked).toBe(1);
  });
});

describe("failedCondition", () => {
  it.each<{ rule: string; change: Partial<FederationRule> }>([
    { rule: "issuer and subject alone", change: {} },
    { rule: "the token's audience", change: { audience: PUBLIC_URL } },
    { rule: "a claim's value", change: { claims: { repository_id: ["4711"] } } },
    { rule: "one of a claim's values", change: { claims: { environment: ["staging", "production"] } } },
    { rule: "several claims", change: { claims: { repository_id: ["4711"], environment: ["production"] } } },
  ])("is none for a rule that names $rule", ({ change }) => {
    expect(failedCondition(aRule(change), claimsWith({}), generic)).toBeUndefined();
  });

  it.each<{ rule: string; change: Partial<FederationRule>; failed: FailedCondition }>([
    { rule: "is disabled", change: { enabled: false }, failed: "enabled" },
    { rule: "trusts another issuer", change: { issuer: "https://other.example.com" }, failed: "issuer" },
    { rule: "trusts an issuer with a slash more", change: { issuer: `${ISSUER_URL}/` }, failed: "issuer" },
    { rule: "trusts an issuer in capitals", change: { issuer: ISSUER_URL.toUpperCase() }, failed: "issuer" },
    {
      rule: "names another subject",
      change: { subject: "repo:acme/app:ref:refs/heads/dev" },
      failed: "subject",
    },
    {
      rule: "names a beginning of the subject",
      change: { subject: SUBJECT.slice(0, -1) },
      failed: "subject",
    },
    { rule: "names more than the subject", change: { subject: `${SUBJECT}x` }, failed: "subject" },
    { rule: "names the subject in capitals", change: { subject: SUBJECT.toUpperCase() }, failed: "subject" },
    { rule: "wants another audience", change: { audience: "berth" }, failed: "audience" },
    {
      rule: "wants another value",
      change: { claims: { repository_id: ["4712"] } },
      failed: "claim repository_id",
    },
    {
      rule: "allows no value at all",
      change: { claims: { repository_id: [] } },
      failed: "claim repository_id",
    },
    { rule: "names an absent claim", change: { claims: { ref: ["main"] } }, failed: "claim ref" },
    {
      rule: "wants the word undefined of an absent claim",
      change: { claims: { ref: ["undefined", "null", ""] } },
      failed: "claim ref",
    },
    {
      rule: "names a claim like a method",
      change: { claims: { constructor: ["x"] } },
      failed: "claim constructor",
    },
    {
      rule: "has a second claim that fails",
      change: { claims: { repository_id: ["4711"], environment: ["staging"] } },
      failed: "claim environment",
    },
  ])("is $failed for a rule that $rule", ({ change, failed }) => {
    expect(failedCondition(aRule(change), claimsWith({}), generic)).toBe(failed);
  });

  // attack 53, 54
  it.each<{ token: string; change: Change; failed: FailedCondition }>([
    { token: "without iss", change: { iss: undefined }, failed: "issuer" },
    { token: "whose iss is a list", change: { iss: [ISSUER_URL] }, failed: "issuer" },
    { token: "without sub", change: { sub: undefined }, failed: "subject" },
    { token: "whose sub is a list", change: { sub: [SUBJECT] }, failed: "subject" },
    { token: "without aud", change: { aud: undefined }, failed: "audience" },
    { token: "with another aud", change: { aud: "berth" }, failed: "audience" },
    { token: "with another aud in a list", change: { aud: ["berth"] }, failed: "audience" },
    { token: "whose aud is a number", change: { aud: new JsonNumber("1") }, failed: "audience" },
    { token: "without the claim", change: { environment: undefined }, failed: "claim environment" },
    { token: "whose claim is null", change: { environment: null }, failed: "claim environment" },
    { token: "whose claim is empty", change: { environment: "" }, failed: "claim environment" },
    { token: "whose claim is a list", change: { environment: ["production"] }, failed: "claim environment" },
    {
      token: "whose claim is an object",
      change: { environment: new Map([["production", true]]) },
      failed: "claim environment",
    },
    {
      token: "whose claim is in capitals",
      change: { environment: "Production" },
      failed: "claim environment",
    },
    { token: "whose claim goes on", change: { environment: "production2" }, failed: "claim environment" },
  ])("is $failed for a token $token", ({ change, failed }) => {
    const rule = aRule({ audience: PUBLIC_URL, claims: { environment: ["staging", "production"] } });
    expect(failedCondition(rule, claimsWith(change), generic)).toBe(failed);
  });

  it("takes the audience from a list of one", () => {
    expect(
      failedCondition(aRule({ audience: PUBLIC_URL }), claimsWith({ aud: [PUBLIC_URL] }), generic),
    ).toBeUndefined();
  });

  // attack 46
  it("keeps one rule's audience from opening another", () => {
    const rules = [
      aRule({ subject: SUBJECT, audience: "x" }),
      aRule({ subject: "repo:acme/web", audience: "y" }),
    ];
    const claims = claimsWith({ sub: SUBJECT, aud: "y" });
    expect(rules.map((rule) => failedCondition(rule, claims, generic))).toEqual(["audience", "subject"]);
  });

  // attack 55
  it.each<{ claim: JsonValue; allowed: string; matches: boolean }>([
    { claim: new JsonNumber("9007199254740993"), allowed: "9007199254740993", matches: true },
    { claim: new JsonNumber("9007199254740993"), allowed: "9007199254740992", matches: false },
    { claim: new JsonNumber("4711"), allowed: "4711", matches: true },
    { claim: new JsonNumber("4711.0"), allowed: "4711", matches: false },
    { claim: true, allowed: "true", matches: true },
    { claim: "true", allowed: "true", matches: true },
    { claim: true, allowed: "1", matches: false },
    { claim: false, allowed: "true", matches: false },
  ])("compares $claim with '$allowed': $matches", ({ claim, allowed, matches }) => {
    const failed = failedCondition(
      aRule({ claims: { value: [allowed] } }),
      claimsWith({ value: claim }),
      generic,
    );
    expect(failed).toBe(matches ? undefined : "claim value");
  });

  it("never matches more for one condition more", () => {
    const name = fc.constantFrom("repository_id", "environment", "ref");
    const values = fc.array(fc.constantFrom("4711", "production", "staging"));
    return fc.assert(
      fc.property(fc.dictionary(name, values), name, values, (claims, added, allowed) => {
        fc.pre(!Object.hasOwn(claims, added));
        const narrow = failedCondition(
          aRule({ claims: { ...claims, [added]: allowed } }),
          claimsWith({}),
          generic,
        );
        const wide = failedCondition(aRule({ claims }), claimsWith({}), generic);
        expect(narrow === undefined && wide !== undefined).toBe(false);
      }),
    );
  });
});

it("bounds credentials to between five minutes and an hour, and rules to a thousand a robot", () => {
  expect([MIN_CREDENTIAL_SECONDS, MAX_CREDENTIAL_SECONDS]).toEqual([300, 3600]);
  expect(MAX_RULES_PER_ROBOT).toBe(1000);
});
