import { describe, expect, it } from "vitest";
import { SERVICE } from "../../../test/support/baseline.ts";
import { aLintContext, aLintedIssuer, aSafeRule, findingsOf } from "../../../test/support/linted-rule.ts";
import type { DeclaredRule } from "../accounts/declaration.ts";
import { github } from "../identity/profiles/github.ts";
import { jenkins } from "../identity/profiles/jenkins.ts";
import type { Profile } from "../identity/profiles/profile.ts";
import { lintRules } from "./rule-lint.ts";
import type { LintContext, LintedIssuer } from "./rule-pins.ts";

/** A rule for administration of which the linter has nothing to say, for a robot that has nothing else. */
const adminRule = (change: Partial<DeclaredRule> = {}) =>
  aSafeRule({ apiScopes: ["rules:write"], ...change });
const contextOf = (issuer: LintedIssuer = aLintedIssuer(), change: Partial<LintContext> = {}) =>
  aLintContext(issuer, { robotPermissions: [], ...change });
const READ = { registry: SERVICE, repository: "acme/app", role: "read" } as const;

/** What is said of API scopes; the other findings have their own tests. */
const adminFindings = (rules: readonly DeclaredRule[], context = contextOf()) =>
  findingsOf(rules, context).filter((found) => found.includes("api-scopes"));

it("has nothing to say of a safe rule for administration", () => {
  expect(findingsOf([adminRule()], contextOf())).toEqual([]);
});

it.each([
  { ttlSeconds: 3600, found: ["0 ttl_seconds: long-lifetime"] },
  { ttlSeconds: 3599, found: [] },
])("tells of a lifetime of $ttlSeconds seconds: $found", ({ ttlSeconds, found }) => {
  expect(findingsOf([adminRule({ ttlSeconds })], contextOf())).toEqual(found);
});

describe("API scopes beside registry access", () => {
  const MIXED = "api-scopes-with-permissions";
  it.each<{ where: string; rules: readonly DeclaredRule[]; context?: LintContext; found: readonly string[] }>(
    [
      {
        where: "in the rule",
        rules: [adminRule({ permissions: [READ] })],
        found: [`0 api_scopes: ${MIXED}`],
      },
      {
        where: "in the rule, though it is none",
        rules: [adminRule({ permissions: [] })],
        found: [`0 api_scopes: ${MIXED}`],
      },
      {
        where: "in the robot's permissions",
        rules: [adminRule()],
        context: contextOf(undefined, { robotPermissions: [READ] }),
        found: [`0 api_scopes: ${MIXED}`],
      },
      {
        where: "in the robot's catalogue",
        rules: [adminRule()],
        context: contextOf(undefined, { robotCatalog: true }),
        found: [`0 api_scopes: ${MIXED}`],
      },
      {
        where: "in another rule, be it disabled",
        rules: [adminRule(), aSafeRule({ claims: { repository_id: ["1"] }, enabled: false })],
        found: [`1: ${MIXED}`],
      },
      {
        where: "nowhere",
        rules: [adminRule(), adminRule({ claims: { repository_id: ["1"] } })],
        found: [],
      },
    ],
  )("$where: $found", ({ rules, context, found }) => {
    expect(adminFindings(rules, context)).toEqual(found);
  });
});

describe("the owner of jobs that administer", () => {
  const WITHOUT = "0 api_scopes: api-scopes-without-id";
  const oneBranch = "repo:acme/app:ref:refs/heads/main";

  it.each<{ rule: string; change: Partial<DeclaredRule>; found: readonly string[] }>([
    { rule: "names the repository's id", change: { claims: { repository_id: ["4711"] } }, found: [] },
    { rule: "names the owner's id", change: { claims: { repository_owner_id: ["42"] } }, found: [] },
    { rule: "names two ids", change: { claims: { repository_id: ["4711", "4712"] } }, found: [] },
    { rule: "has a pattern for an id", change: { claims: { repository_id: ["471*"] } }, found: [WITHOUT] },
    { rule: "names an enterprise", change: { claims: { enterprise_id: ["7"] } }, found: [WITHOUT] },
    { rule: "names the owner alone", change: { claims: { repository_owner: ["acme"] } }, found: [WITHOUT] },
    { rule: "has a subject alone", change: { claims: {}, subject: oneBranch }, found: [WITHOUT] },
    {
      rule: "has a subject with ids, whose form can be changed",
      change: { claims: {}, subject: "repo:acme@42/app@4711:ref:refs/heads/main" },
      found: [WITHOUT],
    },
    { rule: "pins at first use", change: { claims: {}, pin: "first-use" }, found: [WITHOUT] },
  ])("$rule: $found", ({ change, found }) => {
    expect(adminFindings([adminRule(change)])).toEqual(found);
  });

  it("is told of with the ids that would do, and not with those of many owners", () => {
    const [found] = lintRules([adminRule({ claims: {} })], contextOf()).filter(
      ({ code }) => code === "api-scopes-without-id",
    );
    expect(found?.mend).toBe("add repository_id or repository_owner_id without a wildcard");
  });

  it.each<{ subject: string; found: readonly string[] }>([
    { subject: "https://ci.example.com/job/deploy/", found: [] },
    {
      subject: "https://ci.example.com/job/deploy/*",
      found: [WITHOUT, "0 subject: api-scopes-for-every-job"],
    },
  ])("is the whole subject where a family has no ids: $subject", ({ subject, found }) => {
    const context = contextOf(aLintedIssuer(jenkins, { shared: false }));
    const rule = adminRule({ subject, claims: {} });
    expect(adminFindings([rule], context)).toEqual(found);
    const mends = lintRules([rule], context).flatMap(({ code, mend }) =>
      code === "api-scopes-without-id" ? [mend] : [],
    );
    expect(mends).toEqual(found.length > 0 ? ["write the subject without a wildcard"] : []);
  });
});

it.each(["jti", "once", "reusable"] as const)("tells of API scopes on an issuer with replay %s", (replay) => {
  const found = adminFindings([adminRule()], contextOf(aLintedIssuer(github, { replay })));
  expect(found).toEqual(replay === "reusable" ? ["0 issuer: api-scopes-on-reusable"] : []);
});

describe("which of the owner's jobs administer", () => {
  const ID = { repository_id: ["4711"] };
  const profile: Profile = github;
  it.each<{ rule: string; change: Partial<DeclaredRule>; every: boolean }>([
    { rule: "a whole subject", change: { claims: ID }, every: false },
    { rule: "any subject", change: { subject: "**", claims: ID }, every: true },
    { rule: "a subject with a wildcard", change: { subject: "repo:acme/app:**", claims: ID }, every: true },
    {
      rule: "any subject and more of the tenant",
      change: { subject: "**", claims: { ...ID, repository: ["acme/app"], repository_owner_id: ["42"] } },
      every: true,
    },
    {
      rule: "any subject and a branch",
      change: { subject: "**", claims: { ...ID, ref: ["refs/heads/main"] } },
      every: false,
    },
    {
      rule: "any subject and a pattern of branches",
      change: { subject: "**", claims: { ...ID, ref: ["refs/heads/*"] } },
      every: true,
    },
  ])("says $rule: every one, $every", ({ change, every }) => {
    const found = adminFindings([adminRule(change)], contextOf(aLintedIssuer(profile)));
    expect(found).toEqual(every ? ["0 subject: api-scopes-for-every-job"] : []);
  });
});

it("says nothing of rules without API scopes", () => {
  const rules = [aSafeRule({ subject: "**", claims: { enterprise_id: ["7"] } })];
  expect(adminFindings(rules, aLintContext(aLintedIssuer(github, { replay: "reusable" })))).toEqual([]);
});
