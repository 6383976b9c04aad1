import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aRule, ISSUER_URL, PUBLIC_URL, SUBJECT } from "../../../test/support/baseline.ts";
import { asVerifiedClaims, type VerifiedClaims } from "../identity/claims.ts";
import { PROFILES } from "../identity/profiles/all.ts";
import { generic } from "../identity/profiles/generic.ts";
import { github } from "../identity/profiles/github.ts";
import type { Profile } from "../identity/profiles/profile.ts";
import { JsonNumber, type JsonValue } from "../identity/strict-json.ts";
import { type FederationRule, failedCondition } from "./federation-rule.ts";
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

describe("reportRule agrees with failedCondition", () => {
  const value = fc.constantFrom<JsonValue>(
    "4711",
    "42",
    "push",
    "pull_request",
    "",
    null,
    true,
    new JsonNumber("4711"),
    ["production"],
    "refs/pull/1/merge",
  );
  const name = fc.constantFrom(
    ...["environment", "repository_id", "repository_owner_id", "event_name", "ref", "pr", "sub"],
    ...["project_id", "job_project_id", "job_id", "pipeline_source", "oidc.circleci.com/ssh-rerun"],
  );
  const anySubject = fc.constantFrom<JsonValue>(
    SUBJECT,
    "repo:acme@42/app@4711:ref:refs/heads/main",
    "repo:acme@43/app@4711:ref:refs/heads/main",
    "system:serviceaccount:acme:default",
    ["x"],
    "",
  );
  const anyClaims = fc
    .record({
      iss: fc.constantFrom<JsonValue>(ISSUER_URL, `${ISSUER_URL}/`, ["x"]),
      sub: anySubject,
      aud: fc.constantFrom<JsonValue>(PUBLIC_URL, [PUBLIC_URL], ["x", PUBLIC_URL], [null, PUBLIC_URL], true),
      more: fc.dictionary(name, value),
    })
    .map(({ more, ...own }) => asVerifiedClaims(new Map(Object.entries({ ...own, ...more }))));
  const pattern = fc.constantFrom("4711", "42", "push", "*", "**", "true", "production", "refs/**");
  const anyRule = fc.record<Partial<FederationRule>>({
    enabled: fc.boolean(),
    subject: fc.constantFrom(SUBJECT, "repo:acme@42/app@4711:**", "repo:acme/*:**", "**", "x"),
    claims: fc.dictionary(name, fc.array(pattern, { maxLength: 3 }), { maxKeys: 3 }),
  });
  const anyAudience = fc.constantFrom({}, { audience: PUBLIC_URL });

  /** Half of the rules name the claims of every denial, and half of the tokens have them: else nothing matches. */
  const lenient = (profile: Profile, claims: ReadonlyMap<string, JsonValue>) => {
    const names = profile.denials.map(({ claim }) => claim).filter((claim) => /^[a-z]/.test(claim));
    const sub = claims.get("sub");
    return {
      rule: aRule({
        subject: names.includes("sub") && typeof sub === "string" ? sub : "**",
        claims: Object.fromEntries(names.filter((claim) => claim !== "sub").map((claim) => [claim, ["**"]])),
      }),
      claims: asVerifiedClaims(new Map([...names.map((claim) => [claim, "x"] as const), ...claims])),
    };
  };

  const matching = new Set<string>();

  it.each(PROFILES.map((profile) => [profile.name, profile] as const))("for %s", (_, profile) => {
    const agrees = (rule: FederationRule, claims: VerifiedClaims) => {
      const failed = failedCondition(rule, claims, profile);
      const report = reportRule(rule, { claims, complete: true }, profile);
      expect(report.outcome).toBe(failed === undefined ? "met" : "failed");
      expect(report.firstFailure).toBe(failed);
      if (failed === undefined) matching.add(profile.name);
    };
    fc.assert(
      fc.property(anyRule, anyAudience, anyClaims, (change, audience, claims) => {
        agrees(aRule({ ...change, ...audience }), claims);
        const easy = lenient(profile, claims);
        agrees(easy.rule, easy.claims);
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  // A property that only ever sees refusals proves little.
  it("on matches as well", () => expect(matching.size).toBeGreaterThan(PROFILES.length / 2));
});

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

  it("shows the subject of a token that contradicts itself", () => {
    const sub = "repo:acme@43/app@4711:ref:refs/heads/main";
    const { conditions } = reportRule(aRule({ subject: "**" }), complete({ sub }), family);
    expect(conditions[2]).toEqual({ condition: "subject", outcome: "failed", wanted: ["**"], said: [sub] });
  });

  it("shows nothing for a subject that is none", () => {
    const { conditions } = reportRule(aRule(), complete({ sub: undefined }), generic);
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
