import { describe, expect, it } from "vitest";
import { aLintContext, aLintedIssuer, aSafeRule, findingsOf } from "../../../test/support/linted-rule.ts";
import { buildkite } from "../identity/profiles/buildkite.ts";
import { generic } from "../identity/profiles/generic.ts";
import { github } from "../identity/profiles/github.ts";
import { gitlab } from "../identity/profiles/gitlab.ts";
import { jenkins } from "../identity/profiles/jenkins.ts";
import { kubernetes } from "../identity/profiles/kubernetes.ts";
import type { Profile } from "../identity/profiles/profile.ts";

const UUID = "018f0000-0000-4000-8000-000000000000";
const patternFindings = (profile: Profile, subject: string, claims: Record<string, readonly string[]>) =>
  findingsOf([aSafeRule({ subject, claims })], aLintContext(aLintedIssuer(profile))).filter((found) =>
    /: (escaping-pattern|pattern-on-id)$/.test(found),
  );

describe("a wildcard in the subject", () => {
  // attack 50
  it.each<{ profile: Profile; escapes: string; next: string }>([
    { profile: github, escapes: "repo:acme*", next: "repo:acme/*" },
    { profile: github, escapes: "repo:acme**", next: "repo:acme/**" },
    {
      profile: github,
      escapes: "repo:acme-*/app:ref:refs/heads/main",
      next: "repo:acme/app-*:ref:refs/heads/main",
    },
    { profile: github, escapes: "repo:acme@4*", next: "repo:acme@42/*" },
    { profile: gitlab, escapes: "project_path:acme*", next: "project_path:acme/*:ref_type:branch:ref:main" },
    { profile: gitlab, escapes: "project_id:47*", next: "project_id:4711:*" },
    {
      profile: kubernetes,
      escapes: "system:serviceaccount:prod*:builder",
      next: "system:serviceaccount:prod:build*",
    },
    {
      profile: jenkins,
      escapes: "https://ci.example.com/job/app*",
      next: "https://ci.example.com/job/app/*",
    },
    { profile: buildkite, escapes: `${UUID}*`, next: UUID },
    { profile: generic, escapes: "acme*", next: "acme:*" },
  ])("of $profile.name escapes in $escapes, and not in $next", ({ profile, escapes, next }) => {
    expect(patternFindings(profile, escapes, {})).toEqual(["0 subject: escaping-pattern"]);
    expect(patternFindings(profile, next, {})).toEqual([]);
  });

  it.each(["**", "*", "repo:*/app:*"])("is no escape in %s, which names nobody", (subject) => {
    expect(patternFindings(github, subject, {})).toEqual([]);
  });
});

describe("a wildcard in a claim", () => {
  it.each<{ claims: Record<string, readonly string[]>; found: readonly string[] }>([
    { claims: { repository: ["acme*"] }, found: ["0 claims repository: escaping-pattern"] },
    { claims: { repository: ["acme/app", "acme-*/app"] }, found: ["0 claims repository: escaping-pattern"] },
    { claims: { repository_owner: ["acme*"] }, found: ["0 claims repository_owner: escaping-pattern"] },
    { claims: { repository: ["acme/*"] }, found: [] },
    { claims: { repository: ["acme/app-*"] }, found: [] },
    { claims: { repository: ["*"] }, found: [] },
    { claims: { ref: ["refs/heads/release*"] }, found: [] },
    { claims: { repository_id: ["47*"] }, found: ["0 claims repository_id: pattern-on-id"] },
    { claims: { repository_owner_id: ["*"] }, found: ["0 claims repository_owner_id: pattern-on-id"] },
    { claims: { actor_id: ["1", "2*"] }, found: ["0 claims actor_id: pattern-on-id"] },
    { claims: { repository_id: ["4711", "4712"] }, found: [] },
  ])("is found of $claims: $found", ({ claims, found }) => {
    expect(patternFindings(github, "**", claims)).toEqual(found);
  });

  it("is found in GitLab's paths", () => {
    expect(patternFindings(gitlab, "**", { project_path: ["acme*"] })).toEqual([
      "0 claims project_path: escaping-pattern",
    ]);
    expect(patternFindings(gitlab, "**", { project_path: ["acme/*"] })).toEqual([]);
  });
});
