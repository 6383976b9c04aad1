import { describe, expect, it } from "vitest";
import { aRule, ISSUER_URL, PUBLIC_URL, SUBJECT } from "../../../test/support/baseline.ts";
import { generic } from "../identity/profiles/generic.ts";
import { github } from "../identity/profiles/github.ts";
import type { Profile } from "../identity/profiles/profile.ts";
import type { JsonValue } from "../identity/strict-json.ts";
import type { FederationRule } from "./federation-rule.ts";
import { audiencesOf, type Outcome, overall, reportPins, reportRule } from "./rule-report.ts";

const BASELINE = {
  iss: ISSUER_URL,
  sub: SUBJECT,
  aud: PUBLIC_URL,
  repository_id: "4711",
  repository_owner_id: "42",
  event_name: "push",
  environment: "production",
};

const claimsOf = (change: Readonly<Record<string, JsonValue | undefined>> = {}) => {
  const claims = new Map<string, JsonValue>();
  for (const [name, value] of Object.entries<JsonValue | undefined>({ ...BASELINE, ...change })) {
    if (value !== undefined) claims.set(name, value);
  }
  return claims;
};

const complete = (change?: Readonly<Record<string, JsonValue | undefined>>) => ({
  claims: claimsOf(change),
  complete: true,
});

const recorded = (claims: Readonly<Record<string, string>>) => ({
  claims: new Map(Object.entries(claims)),
  complete: false,
});

/** A family with two spellings of a subject and one denial. */
const family: Profile = {
  ...generic,
  subjectSpellings: github.subjectSpellings,
  denials: [
    {
      claim: "event_name",
      denies: (claims) => claims.get("event_name") === "pull_request",
      what: "a pull request's job",
    },
  ],
};

describe("reportRule", () => {
  it("tells of every condition, those behind the first failure included", () => {
    const rule = aRule({
      enabled: false,
      subject: "repo:acme/web:**",
      audience: "berth",
      claims: { environment: ["staging", "test"], repository_id: ["4711"], ref: ["refs/heads/*"] },
    });
    expect(reportRule(rule, complete({ event_name: "pull_request" }), family)).toEqual({
      ruleId: "rule-1",
      description: "release builds",
      outcome: "failed",
      firstFailure: "enabled",
      conditions: [
        { condition: "enabled", outcome: "failed", wanted: [], said: [] },
        { condition: "issuer", outcome: "met", wanted: [ISSUER_URL], said: [ISSUER_URL] },
        {
          condition: "subject",
          outcome: "failed",
          wanted: ["repo:acme/web:**"],
          said: [SUBJECT, "repo:acme@42/app@4711:ref:refs/heads/main"],
        },
        { condition: "audience", outcome: "failed", wanted: ["berth"], said: [PUBLIC_URL] },
        {
          condition: "claim environment",
          outcome: "failed",
          wanted: ["staging", "test"],
          said: ["production"],
        },
        { condition: "claim repository_id", outcome: "met", wanted: ["4711"], said: ["4711"] },
        { condition: "claim ref", outcome: "failed", wanted: ["refs/heads/*"], said: [] },
        {
          condition: "denied: a pull request's job",
          outcome: "failed",
          wanted: [],
          said: ["pull_request"],
        },
      ],
    });
  });

  it.each([
    { job: "that no denial is for", event: "push", claims: {} },
    {
      job: "that the rule asks for",
      event: "pull_request",
      claims: { event_name: ["push", "pull_request"] },
    },
  ])("tells of every condition that is met, of a job $job", ({ event, claims }) => {
    const rule = aRule({ claims: { environment: ["staging", "production"], ...claims } });
    const asked = Object.entries(claims).map(([name, wanted]) => ({
      condition: `claim ${name}`,
      outcome: "met",
      wanted,
      said: [event],
    }));
    expect(reportRule(rule, complete({ event_name: event }), family)).toEqual({
      ruleId: "rule-1",
      description: "release builds",
      outcome: "met",
      conditions: [
        { condition: "enabled", outcome: "met", wanted: [], said: [] },
        { condition: "issuer", outcome: "met", wanted: [ISSUER_URL], said: [ISSUER_URL] },
        {
          condition: "subject",
          outcome: "met",
          wanted: [SUBJECT],
          said: [SUBJECT, "repo:acme@42/app@4711:ref:refs/heads/main"],
        },
        {
          condition: "claim environment",
          outcome: "met",
          wanted: ["staging", "production"],
          said: ["production"],
        },
        ...asked,
        { condition: "denied: a pull request's job", outcome: "met", wanted: [], said: [event] },
      ],
    });
  });

  it("shows the subject of a token that contradicts itself", () => {
    const sub = "repo:acme@43/app@4711:ref:refs/heads/main";
    const { conditions } = reportRule(aRule({ subject: "**" }), complete({ sub }), family);
    expect(conditions[2]).toEqual({ condition: "subject", outcome: "failed", wanted: ["**"], said: [sub] });
  });

  it.each([undefined, ""])("shows nothing for a subject that is none: %j", (sub) => {
    const { conditions } = reportRule(aRule(), complete({ sub }), generic);
    expect(conditions[2]).toMatchObject({ outcome: "failed", said: [] });
  });

  describe("of what was written down", () => {
    const rows: { what: string; change: Partial<FederationRule>; claims: object; outcome: Outcome }[] = [
      {
        what: "a claim that was not",
        change: { claims: { environment: ["production"] } },
        claims: {},
        outcome: "unknown",
      },
      {
        what: "a claim that was, and is another",
        change: { claims: { repository_id: ["1"] } },
        claims: { repository_id: "2" },
        outcome: "failed",
      },
      { what: "an audience that was not", change: { audience: PUBLIC_URL }, claims: {}, outcome: "unknown" },
      { what: "a disabled rule", change: { enabled: false }, claims: {}, outcome: "failed" },
      {
        what: "a denial that rests on what was not",
        change: {},
        claims: {},
        outcome: "unknown",
      },
      {
        what: "everything that the rule names",
        change: { claims: { ref: ["refs/heads/main"] } },
        claims: { event_name: "push", ref: "refs/heads/main" },
        outcome: "met",
      },
      {
        what: "another spelling of the subject, whose ids were not",
        change: {
          subject: "repo:acme@42/app@4711:ref:refs/heads/main",
        },
        claims: { event_name: "push" },
        outcome: "unknown",
      },
    ];
    it.each(rows)("is $outcome for $what", ({ change, claims, outcome }) => {
      const known = recorded({ iss: ISSUER_URL, sub: SUBJECT, ...claims });
      expect(reportRule(aRule(change), known, family).outcome).toBe(outcome);
    });

    it("tells another subject where a family has one spelling", () => {
      const known = recorded({ iss: ISSUER_URL, sub: "repo:acme/web" });
      const report = reportRule(aRule(), known, generic);
      expect(report.firstFailure).toBe("subject");
      const nothing = reportRule(aRule(), recorded({ iss: ISSUER_URL }), generic);
      expect(nothing.outcome).toBe("unknown");
    });

    it("does not know an issuer that was not", () => {
      const { conditions } = reportRule(aRule(), recorded({ sub: SUBJECT }), generic);
      expect(conditions[1]).toMatchObject({ condition: "issuer", outcome: "unknown", said: [] });
    });
  });
});

describe("reportPins", () => {
  const pinned = { repository_id: "4711", repository_owner_id: "43" };

  it("holds each pinned id against the token", () => {
    expect(reportPins(pinned, complete())).toEqual([
      { condition: "pinned repository_id", outcome: "met", wanted: ["4711"], said: ["4711"] },
      { condition: "pinned repository_owner_id", outcome: "failed", wanted: ["43"], said: ["42"] },
    ]);
  });

  it("knows nothing of ids that were not written down", () => {
    expect(reportPins(pinned, recorded({ repository_id: "4711" })).map(({ outcome }) => outcome)).toEqual([
      "met",
      "unknown",
    ]);
  });
});

it.each<{ aud: JsonValue | undefined; is: string[] }>([
  { aud: "a", is: ["a"] },
  { aud: ["a", "b"], is: ["a", "b"] },
  { aud: ["a", null], is: ["a"] },
  { aud: [null, "a"], is: [] },
  { aud: undefined, is: [] },
])("takes the audiences $is of $aud", ({ aud, is }) => {
  expect(audiencesOf(claimsOf({ aud }))).toEqual(is);
});

it.each<{ outcomes: Outcome[]; is: Outcome }>([
  { outcomes: [], is: "met" },
  { outcomes: ["met", "unknown"], is: "unknown" },
  { outcomes: ["unknown", "failed", "met"], is: "failed" },
])("is $is of $outcomes together", ({ outcomes, is }) => {
  expect(overall(outcomes.map((outcome) => ({ outcome })))).toBe(is);
});
