import { describe, expect, it } from "vitest";
import { ISSUER_URL, SERVICE } from "../../../test/support/baseline.ts";
import { aLintContext, aLintedIssuer, aSafeRule, findingsOf } from "../../../test/support/linted-rule.ts";
import type { DeclaredRule } from "../accounts/declaration.ts";
import { github } from "../identity/profiles/github.ts";
import { gitlab } from "../identity/profiles/gitlab.ts";
import { google } from "../identity/profiles/google.ts";
import { jenkins } from "../identity/profiles/jenkins.ts";
import { kubernetes } from "../identity/profiles/kubernetes.ts";
import type { Profile } from "../identity/profiles/profile.ts";
import { lintRules } from "./rule-lint.ts";

type Change = Partial<DeclaredRule>;
const CUSTOM = "0 subject: customisable-subject";
const SUB = "0 subject: recyclable-name";

function adviceOf(change: Change, profile: Profile = github): readonly string[] {
  return findingsOf([aSafeRule(change)], aLintContext(aLintedIssuer(profile)));
}

describe("a name that can be recycled", () => {
  it.each<{ rule: string; change: Change; found: readonly string[] }>([
    { rule: "the repository's id", change: {}, found: [] },
    { rule: "the owner's id", change: { claims: { repository_owner_id: ["42"] } }, found: [] },
    { rule: "a subject alone", change: { claims: {} }, found: [SUB, CUSTOM] },
    {
      rule: "a subject with ids",
      change: { subject: "repo:acme@42/app@4711:x", claims: {} },
      found: [CUSTOM],
    },
    { rule: "any subject", change: { subject: "**" }, found: [] },
    {
      rule: "a repository's name",
      change: { subject: "**", claims: { repository: ["acme/app"] } },
      found: ["0 claims repository: recyclable-name"],
    },
    {
      rule: "a repository's name and id",
      change: { subject: "**", claims: { repository: ["acme/app"], repository_id: ["4711"] } },
      found: [],
    },
    {
      rule: "a repository's name and its owner's id",
      change: { subject: "**", claims: { repository: ["acme/app"], repository_owner_id: ["42"] } },
      found: [],
    },
    {
      rule: "a person's name",
      change: { claims: { repository_id: ["4711"], actor: ["octocat"] } },
      found: ["0 claims actor: recyclable-name"],
    },
    {
      rule: "a person's name and id",
      change: { claims: { repository_id: ["4711"], actor: ["octocat"], actor_id: ["1"] } },
      found: [],
    },
    { rule: "names, to be pinned", change: { claims: {}, pin: "first-use" }, found: [CUSTOM] },
  ])("is found of a rule that names $rule: $found", ({ change, found }) => {
    expect(adviceOf(change)).toEqual(found);
  });

  it("has an id to add, or says to write the subject whole", () => {
    const mendsOf = (change: Change, profile: Profile) =>
      lintRules([aSafeRule(change)], aLintContext(aLintedIssuer(profile)))
        .filter(({ code }) => code === "recyclable-name")
        .map(({ mend }) => mend);
    expect(mendsOf({ subject: "**", claims: { project_path: ["acme/app"] } }, gitlab)).toEqual([
      "add project_id, the id that stays",
    ]);
    expect(mendsOf({ subject: "**", claims: { email: ["a@b.example"] } }, google)).toEqual([
      "write the subject whole",
    ]);
    expect(mendsOf({ subject: "112233445566778899001", claims: { email: ["a@b.example"] } }, google)).toEqual(
      [],
    );
    expect(mendsOf({ subject: "system:serviceaccount:ci:builder", claims: {} }, kubernetes)).toEqual([
      "add /kubernetes.io/serviceaccount/uid, the id that stays",
    ]);
  });

  it("is not found where the family has no id behind the name", () => {
    expect(adviceOf({ claims: {} }, { ...github, recyclable: [{ claim: "sub" }] })).toEqual([CUSTOM]);
  });
});

describe("a subject that can be customised", () => {
  it("is found where a claim could name the tenant, and none does", () => {
    expect(adviceOf({ subject: "project_id:4711:ref_type:branch:ref:main", claims: {} }, gitlab)).toEqual([
      CUSTOM,
    ]);
    expect(adviceOf({ subject: "project_id:4711:*", claims: { project_id: ["4711"] } }, gitlab)).toEqual([]);
    expect(adviceOf({ claims: {}, pin: "first-use" }, { ...github, subjectCanBeCustomised: false })).toEqual(
      [],
    );
  });

  it("is not found where the family has no tenant claims", () => {
    const issuer = aLintedIssuer(jenkins, { shared: false });
    const rule = aSafeRule({ subject: "https://ci.example.com/job/app/", claims: {} });
    expect(findingsOf([rule], aLintContext(issuer))).toEqual([]);
  });
});

describe("a lifetime", () => {
  const long = { ttlSeconds: 3600 };
  const reads = [{ registry: SERVICE, repository: "acme/app", role: "read" as const }];

  it.each<{ rule: string; change: Change; found: readonly string[] }>([
    { rule: "an hour of the robot's writing", change: long, found: ["0 ttl_seconds: long-lifetime"] },
    {
      rule: "an hour of writing",
      change: {
        ...long,
        permissions: [...reads, { registry: SERVICE, repository: "acme/b", role: "write" }],
      },
      found: ["0 ttl_seconds: long-lifetime"],
    },
    { rule: "an hour of reading", change: { ...long, permissions: reads }, found: [] },
    { rule: "a second less of writing", change: { ttlSeconds: 3599 }, found: [] },
  ])("of $rule: $found", ({ change, found }) => {
    expect(adviceOf(change)).toEqual(found);
  });
});

describe("an issuer", () => {
  const subject = "system:serviceaccount:ci:builder";
  const claims = { "/kubernetes.io/serviceaccount/uid": ["1"] };

  it("whose tokens can be used again is told of once", () => {
    const context = aLintContext(aLintedIssuer(kubernetes, { replay: "reusable", shared: false }));
    const rules = [aSafeRule({ subject, claims }), aSafeRule({ subject: `${subject}2`, claims })];
    expect(findingsOf(rules, context)).toEqual(["0 issuer: reusable-token"]);
    const once = aLintContext(aLintedIssuer(kubernetes, { replay: "once", shared: false }));
    expect(findingsOf(rules, once)).toEqual([]);
  });

  it("is told of at the first of its own rules", () => {
    const issuer = aLintedIssuer(kubernetes, { replay: "reusable", shared: false });
    const other = "https://other.example.com";
    const issuers = new Map([...aLintContext(issuer).issuers, [other, issuer] as const]);
    const rules = [ISSUER_URL, other, other].map((url, at) =>
      aSafeRule({ issuer: url, subject: `${subject}${at}`, claims }),
    );
    expect(findingsOf(rules, aLintContext(issuer, { issuers }))).toEqual([
      "0 issuer: reusable-token",
      "1 issuer: reusable-token",
    ]);
  });

  it("with one audience for everyone is told of", () => {
    const profile = { ...github, defaults: { ...github.defaults, fixedAudience: "api://everyone" } };
    const [found, ...more] = lintRules(
      [aSafeRule(), aSafeRule({ subject: "**" })],
      aLintContext(aLintedIssuer(profile)),
    );
    expect(found).toMatchObject({ ruleIndex: 0, at: ["issuer"], code: "fixed-audience" });
    expect(found?.sentence).toContain("(api://everyone)");
    expect(more.filter(({ code }) => code === "fixed-audience")).toEqual([]);
  });

  it("that is not known is not judged", () => {
    expect(
      findingsOf([aSafeRule({ issuer: "https://unknown.example.com", subject: "**", claims: {} })]),
    ).toEqual([]);
  });
});
