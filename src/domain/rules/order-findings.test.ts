import { describe, expect, it } from "vitest";
import { aRule, ISSUER_URL, PUBLIC_URL } from "../../../test/support/baseline.ts";
import { aLintContext, aLintedIssuer, aSafeRule, findingsOf } from "../../../test/support/linted-rule.ts";
import type { DeclaredRule } from "../accounts/declaration.ts";
import { github } from "../identity/profiles/github.ts";
import type { Profile } from "../identity/profiles/profile.ts";
import { lintRules } from "./rule-lint.ts";

type Change = Partial<DeclaredRule>;
/** With denials that a test can lift. */
const PROFILE: Profile = {
  ...github,
  denials: [
    {
      claim: "event_name",
      what: "outsiders",
      denies: (claims) => claims.get("event_name") === "pull_request",
    },
    {
      claim: "ref",
      what: "a pull request",
      denies: (claims) => String(claims.get("ref")).startsWith("refs/pull/"),
    },
    { claim: "runs_in", what: "a fork", denies: (claims) => claims.get("runs_in") !== claims.get("project") },
  ],
};
const OTHER_ISSUER = "https://other.example.com";

/** What is said of the second of two rules because of the first. */
function orderOf(first: Change, second: Change, profile = PROFILE, audiences = ["a", "b"]) {
  const issuer = aLintedIssuer(profile, { audiences });
  const context = aLintContext(issuer, {
    issuers: new Map([
      [ISSUER_URL, issuer],
      [OTHER_ISSUER, issuer],
    ]),
  });
  return findingsOf([aSafeRule(first), aSafeRule(second)], context).filter((found) =>
    /: (duplicate|unreachable)-rule$/.test(found),
  );
}

function sentencesOf(rules: readonly DeclaredRule[]): readonly string[] {
  return lintRules(rules, aLintContext())
    .filter(({ code }) => code === "duplicate-rule" || code === "unreachable-rule")
    .map(({ ruleIndex, sentence }) => `${ruleIndex}: ${sentence}`);
}

describe("a rule that stands twice", () => {
  it("is found whatever its description is", () => {
    expect(orderOf({}, {})).toEqual(["1: duplicate-rule"]);
    expect(orderOf({ description: "one" }, { description: "two" })).toEqual(["1: duplicate-rule"]);
    expect(orderOf({ enabled: false }, { enabled: false })).toEqual(["1: duplicate-rule"]);
  });

  it("is found among rules of a store, whose ids differ", () => {
    const rules = [
      aRule({ id: "1", nonce: "1", ttlSeconds: 900 }),
      aRule({ id: "2", nonce: "2", ttlSeconds: 900 }),
    ];
    expect(findingsOf(rules)).toContain("1: duplicate-rule");
  });

  it("is not one that grants something else", () => {
    expect(orderOf({}, { ttlSeconds: 300 })).toEqual(["1: unreachable-rule"]);
    expect(orderOf({ enabled: false }, {})).toEqual([]);
  });
});

const ID = { repository_id: ["4711"] };

describe("a rule that grants API scopes", () => {
  const admin: Change = { claims: { repository_id: ["4711"] }, apiScopes: ["rules:write"] };

  it("is one more of its kind only with the same scopes", () => {
    expect(orderOf(admin, admin)).toEqual(["1: duplicate-rule"]);
    expect(orderOf(admin, { ...admin, apiScopes: ["robots:write"] })).toEqual(["1: unreachable-rule"]);
  });

  it("is behind one that matches all that it does, whatever either grants", () => {
    const wider: Change = { claims: { repository_id: ["4711", "4712"] }, apiScopes: ["rules:write"] };
    expect(orderOf(wider, { ...admin, apiScopes: ["rules:write", "robots:write"] })).toEqual([
      "1: unreachable-rule",
    ]);
    expect(orderOf(admin, wider)).toEqual([]);
  });
});

describe("a rule behind a wider one", () => {
  it.each<{ why: string; first: Change; second: Change }>([
    { why: "fewer claims", first: { claims: {} }, second: { claims: ID } },
    {
      why: "more values",
      first: { claims: { repository_id: ["1", "2"] } },
      second: { claims: { repository_id: ["2"] } },
    },
    { why: "a wider value", first: { claims: { x: ["a*"] } }, second: { claims: { x: ["ab*", "ac"] } } },
    { why: "a wider subject", first: { subject: "repo:acme/**" }, second: { subject: "repo:acme/*:ref:x" } },
    { why: "no audience", first: {}, second: { audience: "a" } },
    { why: "the same audience", first: { audience: "a" }, second: { audience: "a", ttlSeconds: 300 } },
    { why: "a branch less", first: { claims: ID }, second: { claims: { ...ID, ref: ["refs/heads/main"] } } },
    { why: "an event less", first: { claims: ID }, second: { claims: { ...ID, event_name: ["push"] } } },
    {
      why: "an event of the same kind",
      first: { claims: { event_name: ["pull_request", "push"] } },
      second: { claims: { event_name: ["pull_request"] } },
    },
  ])("is never reached: $why", ({ first, second }) => {
    expect(orderOf(first, second)).toEqual(["1: unreachable-rule"]);
  });

  it.each<{ why: string; first: Change; second: Change }>([
    { why: "the first is disabled", first: { enabled: false, claims: {} }, second: {} },
    { why: "it is disabled itself", first: { claims: {} }, second: { enabled: false } },
    { why: "another issuer", first: { issuer: OTHER_ISSUER, claims: {} }, second: {} },
    { why: "the first wants a claim more", first: { claims: { ...ID, ref: ["x"] } }, second: { claims: ID } },
    { why: "it wants another value", first: { claims: { x: ["a"] } }, second: { claims: { x: ["a", "b"] } } },
    { why: "it wants another claim", first: { claims: { x: ["a"] } }, second: { claims: { y: ["a"] } } },
    { why: "another subject", first: { subject: "repo:acme/a:*" }, second: { subject: "repo:acme/b:*" } },
    { why: "the first wants an audience", first: { audience: "a" }, second: {} },
    { why: "it wants another audience", first: { audience: "a" }, second: { audience: "b" } },
    {
      why: "the first denies the event",
      first: { claims: ID },
      second: { claims: { ...ID, event_name: ["push", "pull_request"] } },
    },
    {
      why: "the first may deny the event",
      first: { claims: ID },
      second: { claims: { ...ID, event_name: ["pu*"] } },
    },
    {
      why: "the first may deny one of the events",
      first: { claims: ID },
      second: { claims: { ...ID, event_name: ["push", "pull_r*"] } },
    },
    {
      why: "the first denies the ref",
      first: { claims: ID },
      second: { claims: { ...ID, ref: ["refs/pull/1/merge"] } },
    },
  ])("is reached: $why", ({ first, second }) => {
    expect(orderOf(first, second)).toEqual([]);
  });

  it("holds the issuer's only audience for no condition", () => {
    expect(orderOf({ audience: PUBLIC_URL }, {}, PROFILE, [PUBLIC_URL])).toEqual(["1: unreachable-rule"]);
    expect(orderOf({ audience: "another" }, {}, PROFILE, [PUBLIC_URL])).toEqual([]);
  });

  it("holds a denial against the claims that the rule writes out", () => {
    const project = { project: ["1"] };
    const runsIn = (id: string) => ({ claims: { ...project, x: ["1", "2"], y: ["*"], runs_in: [id] } });
    expect(orderOf({ claims: project }, runsIn("1"))).toEqual(["1: unreachable-rule"]);
    expect(orderOf({ claims: project }, runsIn("2"))).toEqual([]);
  });

  it.each([
    { project: ["1"], found: ["1: unreachable-rule"] },
    { project: ["1", "2"], found: [] },
    { project: ["1*"], found: [] },
  ])("knows for certain only what the rule writes out as one value, not $project", ({ project, found }) => {
    const profile: Profile = {
      ...PROFILE,
      denials: [{ claim: "runs_in", what: "nowhere", denies: (claims) => !claims.has("project") }],
    };
    expect(orderOf({ claims: { project } }, { claims: { project, runs_in: ["1"] } }, profile)).toEqual(found);
  });

  it("knows the subject that the rule writes out", () => {
    const profile: Profile = {
      ...PROFILE,
      denials: [{ claim: "ref", what: "evil", denies: (claims) => claims.get("sub") === "repo:a/b:evil" }],
    };
    const narrower = { subject: "repo:a/b:evil", claims: { ...ID, ref: ["x"] } };
    expect(orderOf({ subject: "repo:a/**" }, narrower, profile)).toEqual([]);
  });

  it("does not hold a denial against what it cannot see", () => {
    const profile: Profile = {
      ...PROFILE,
      denials: [{ claim: "/nested/name", what: "evil", denies: () => false }],
    };
    expect(orderOf({}, { claims: { ...ID, "/nested/name": ["default"] } }, profile)).toEqual([]);
  });

  it("knows a denial that a whole subject lifts", () => {
    const profile: Profile = {
      ...PROFILE,
      denials: [{ claim: "sub", what: "evil", denies: (claims) => claims.get("sub") === "repo:a/b:evil" }],
    };
    const wider = { subject: "repo:a/**" };
    expect(orderOf(wider, { subject: "repo:a/b:evil" }, profile)).toEqual([]);
    expect(orderOf(wider, { subject: "repo:a/b:good" }, profile)).toEqual(["1: unreachable-rule"]);
  });

  it("names the first of several by its position", () => {
    const other = aSafeRule({ subject: "repo:b/**" });
    const behind = [aSafeRule({ claims: {} }), aSafeRule({ subject: "repo:acme/**" }), aSafeRule()];
    expect(sentencesOf([other, ...behind])).toEqual([
      "3: never decides: the rule at position 2 is before it and matches all that it does",
    ]);
    expect(sentencesOf([other, aSafeRule(), aSafeRule()])).toEqual([
      "2: is the rule at position 2 once more",
    ]);
  });
});
