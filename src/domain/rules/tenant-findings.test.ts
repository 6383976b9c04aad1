import { describe, expect, it } from "vitest";
import { aLintContext, aLintedIssuer, aSafeRule, findingsOf } from "../../../test/support/linted-rule.ts";
import type { DeclaredRule } from "../accounts/declaration.ts";
import { aws } from "../identity/profiles/aws.ts";
import { generic } from "../identity/profiles/generic.ts";
import { github } from "../identity/profiles/github.ts";
import { gitlab } from "../identity/profiles/gitlab.ts";
import { google } from "../identity/profiles/google.ts";
import { kubernetes } from "../identity/profiles/kubernetes.ts";

const CODES = /: (pins-nothing|only-chosen-claims|no-tenant)$/;
type Row = { rule: string; change: Partial<DeclaredRule>; found: readonly string[] };

function tenantFindingsOf(change: Partial<DeclaredRule>, issuer = aLintedIssuer()): readonly string[] {
  return findingsOf([aSafeRule(change)], aLintContext(issuer)).filter((found) => CODES.test(found));
}

describe("on an issuer that its customers share", () => {
  // attack 56, 66
  it.each<Row>([
    { rule: "ids", change: { subject: "**", claims: { repository_id: ["4711", "4712"] } }, found: [] },
    { rule: "an owner's id", change: { subject: "**", claims: { repository_owner_id: ["42"] } }, found: [] },
    { rule: "a tenant's name", change: { subject: "**", claims: { repository_owner: ["acme"] } }, found: [] },
    { rule: "a subject of one tenant", change: { subject: "repo:acme/*:ref:*", claims: {} }, found: [] },
    { rule: "a whole subject", change: { claims: {} }, found: [] },
    { rule: "nothing", change: { subject: "**", claims: {} }, found: ["0: pins-nothing"] },
    { rule: "one segment of nothing", change: { subject: "*", claims: {} }, found: ["0: pins-nothing"] },
    { rule: "an audience", change: { subject: "**", audience: "a", claims: {} }, found: ["0: pins-nothing"] },
    {
      rule: "a claim with any value",
      change: { subject: "**", claims: { repository_id: ["*"] } },
      found: ["0: pins-nothing"],
    },
    {
      rule: "a claim that may have any value",
      change: { subject: "**", claims: { repository: ["acme/app", "**"] } },
      found: ["0: pins-nothing"],
    },
    {
      rule: "a claim that begins anyhow",
      change: { subject: "**", claims: { repository: ["*/app"] } },
      found: ["0: pins-nothing"],
    },
    {
      rule: "a subject of any tenant",
      change: { subject: "repo:*/app:ref:refs/heads/main", claims: {} },
      found: ["0: pins-nothing"],
    },
    {
      rule: "a branch",
      change: { subject: "**", claims: { ref: ["refs/heads/main"] } },
      found: ["0 claims: only-chosen-claims"],
    },
    {
      rule: "a branch and a person",
      change: { subject: "repo:*/*:ref:*", claims: { ref: ["refs/heads/main"], actor: ["octocat"] } },
      found: ["0 claims: only-chosen-claims"],
    },
    {
      rule: "another claim",
      change: { subject: "**", claims: { ref: ["refs/heads/main"], repo_property_team: ["ci"] } },
      found: ["0: no-tenant"],
    },
    {
      rule: "ids, one with a wildcard",
      change: { subject: "**", claims: { repository_owner_id: ["42", "43*"] } },
      found: ["0: no-tenant"],
    },
    {
      rule: "a customised subject without a tenant",
      change: { subject: "environment:production", claims: { ref: ["refs/heads/main"] } },
      found: ["0: no-tenant"],
    },
  ])("finds of a rule that names $rule: $found", ({ change, found }) => {
    expect(tenantFindingsOf(change)).toEqual(found);
  });

  it("says of GitLab and Google what to add", () => {
    expect(tenantFindingsOf({ subject: "x", claims: {} }, aLintedIssuer(gitlab))).toEqual(["0: no-tenant"]);
    expect(tenantFindingsOf({ subject: "112233445566778899001", claims: {} }, aLintedIssuer(google))).toEqual(
      [],
    );
  });
});

describe("on an issuer of one customer", () => {
  const own = { shared: false };

  it.each<Row>([
    { rule: "no tenant", change: { subject: "**", claims: { repo_property_team: ["ci"] } }, found: [] },
    { rule: "a whole subject", change: { subject: "environment:production", claims: {} }, found: [] },
    { rule: "nothing", change: { subject: "**", claims: {} }, found: ["0: pins-nothing"] },
    {
      rule: "a branch",
      change: { subject: "**", claims: { ref: ["refs/heads/main"] } },
      found: ["0 claims: only-chosen-claims"],
    },
  ])("finds of a rule that names $rule: $found", ({ change, found }) => {
    expect(tenantFindingsOf(change, aLintedIssuer(github, own))).toEqual(found);
  });

  it("asks for a namespace in Kubernetes", () => {
    const issuer = aLintedIssuer(kubernetes, own);
    const subject = (text: string) => tenantFindingsOf({ subject: text, claims: {} }, issuer);
    expect(subject("system:serviceaccount:*:builder")).toEqual(["0: pins-nothing"]);
    expect(subject("system:serviceaccount:ci:*")).toEqual([]);
  });

  it("takes what stands inside a chosen claim for chosen", () => {
    const tags = "/https:~1~1sts.amazonaws.com~1/request_tags/team";
    expect(tenantFindingsOf({ subject: "**", claims: { [tags]: ["ci"] } }, aLintedIssuer(aws, own))).toEqual([
      "0 claims: only-chosen-claims",
    ]);
  });

  it("knows of any other family that nothing is no condition", () => {
    const issuer = aLintedIssuer(generic, own);
    expect(tenantFindingsOf({ subject: "**", claims: {} }, issuer)).toEqual(["0: pins-nothing"]);
    expect(tenantFindingsOf({ subject: "**", claims: { team: ["ci"] } }, issuer)).toEqual([]);
    expect(tenantFindingsOf({ subject: "job:*", claims: {} }, issuer)).toEqual([]);
  });
});
