import { describe, expect, it } from "vitest";
import { claimsOf } from "../../../../test/support/claims.ts";
import { PUSH, WORKFLOW } from "../../../../test/support/github-job.ts";
import { type ProfileRow, rowCheck } from "../../../../test/support/profile-table.ts";
import { githubSubjectSpellings } from "./github-subject.ts";

const check = rowCheck(PUSH);

describe("GitHub's subject", () => {
  // attack 58
  it.each<ProfileRow>([
    {
      job: "ids in the subject, a classic rule",
      token: { sub: "repo:acme@42/app@4711:ref:refs/heads/main" },
      outcome: "matches",
    },
    {
      job: "a classic subject, ids in the rule",
      rule: { subject: "repo:acme@42/app@4711:ref:refs/heads/main" },
      outcome: "matches",
    },
    {
      job: "ids in both",
      token: { sub: "repo:acme@42/app@4711:ref:refs/heads/main" },
      rule: { subject: "repo:acme@42/*:ref:refs/heads/main" },
      outcome: "matches",
    },
    {
      job: "a classic subject and other ids in the rule",
      rule: { subject: "repo:acme@43/app@4711:ref:refs/heads/main" },
      outcome: "subject",
    },
    {
      job: "an owner id that is not its claim's",
      token: { sub: "repo:acme@43/app@4711:ref:refs/heads/main" },
      rule: { subject: "**" },
      outcome: "subject",
    },
    {
      job: "a repository id that is not its claim's",
      token: { sub: "repo:acme@42/app@3:ref:refs/heads/main" },
      rule: { subject: "**" },
      outcome: "subject",
    },
    {
      job: "ids without their claims",
      token: { sub: "repo:acme@42/app@4711:ref:refs/heads/main", repository_id: undefined },
      rule: { subject: "**", claims: {} },
      outcome: "subject",
    },
    {
      job: "an id for the owner alone, a classic rule",
      token: { sub: "repo:acme@42/app:ref:refs/heads/main" },
      outcome: "subject",
    },
    {
      job: "an id that is no number",
      token: { sub: "repo:acme@x/app@y:ref:refs/heads/main" },
      outcome: "subject",
    },
    {
      job: "an id claim that would rewrite the subject, and ends like an id",
      token: { repository_owner_id: "42/app@4711:x7" },
      rule: { subject: "repo:acme@42/app@4711:x7**", claims: {} },
      outcome: "subject",
    },
    {
      job: "an id claim that would rewrite the subject",
      token: { repository_owner_id: "42/app@4711:x" },
      rule: { subject: "repo:acme@42/app@4711:x**", claims: {} },
      outcome: "subject",
    },
  ])("ids in it or not, $job: $outcome", check);

  // attack 53
  it.each<ProfileRow>([
    {
      job: "capitals in the token's names",
      token: { sub: "repo:Acme/App:ref:refs/heads/main" },
      outcome: "matches",
    },
    {
      job: "capitals in both",
      token: { sub: "repo:Acme/App:ref:refs/heads/main" },
      rule: { subject: "repo:Acme/App:ref:refs/heads/main" },
      outcome: "matches",
    },
    {
      job: "capitals in the token's names, with ids",
      token: { sub: "repo:Acme@42/App@4711:ref:refs/heads/main" },
      rule: { subject: "repo:acme@42/app@4711:ref:refs/heads/main" },
      outcome: "matches",
    },
    { job: "capitals in the ref", token: { sub: "repo:acme/app:ref:REFS/heads/main" }, outcome: "subject" },
    {
      job: "capitals in the branch",
      token: { sub: "repo:acme/app:ref:refs/heads/Main" },
      outcome: "subject",
    },
    {
      job: "a Kelvin sign for a k",
      token: { sub: "repo:\u212aube/app:ref:refs/heads/main" },
      rule: { subject: "repo:kube/app:ref:refs/heads/main" },
      outcome: "subject",
    },
  ])("its case, $job: $outcome", check);

  // attack 57
  it.each<ProfileRow>([
    { job: "a subject of the owner alone", token: { sub: "repository_owner:acme" }, outcome: "subject" },
    {
      job: "a subject without the repository, and its rule",
      token: { sub: "repository_owner:acme:repository_visibility:private" },
      rule: { subject: "repository_owner:acme:*:*" },
      outcome: "matches",
    },
    {
      job: "a subject with a claim more",
      token: { sub: `repo:acme/app:environment:prod:job_workflow_ref:${WORKFLOW}` },
      rule: { subject: `repo:acme@42/app@4711:environment:prod:job_workflow_ref:${WORKFLOW}` },
      outcome: "matches",
    },
    {
      job: "a subject that is the repository",
      token: { sub: "repo:acme/app" },
      rule: { subject: "repo:acme@42/app@4711" },
      outcome: "matches",
    },
    {
      job: "a subject that is the repository with its ids",
      token: { sub: "repo:acme@42/app@4711" },
      rule: { subject: "repo:acme/app" },
      outcome: "matches",
    },
  ])("customised, $job: $outcome", check);

  // attack 51, 60
  it.each<ProfileRow>([
    {
      job: "an environment called like a ref, escaped",
      token: { sub: "repo:acme/app:environment:x%3Aref%3Arefs/heads/main" },
      rule: { subject: "repo:acme/*:ref:refs/heads/main" },
      outcome: "subject",
    },
    {
      job: "an environment called like a ref, as old servers have it",
      token: { sub: "repo:acme/app:environment:x:ref:refs/heads/main" },
      rule: { subject: "repo:acme/*:ref:refs/heads/main" },
      outcome: "subject",
    },
    {
      job: "an environment called like another",
      token: { sub: "repo:acme/app:environment:evil:environment:prod" },
      rule: { subject: "repo:acme/*:environment:prod" },
      outcome: "subject",
    },
    {
      job: "an environment with a colon, and its rule",
      token: { sub: "repo:acme/app:environment:eu%3Aprod" },
      rule: { subject: "repo:acme/app:environment:eu%3Aprod" },
      outcome: "matches",
    },
  ])("a colon in a name, $job: $outcome", check);

  it("is read in linear time", () => {
    const sub = `repo:${"a".repeat(100_000)}`;
    const startedAt = performance.now();
    expect(githubSubjectSpellings(claimsOf({ sub }))).toEqual([sub]);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });

  it.each(["repo:acme/app:x", "repo:acme/app", "repository_owner:acme"])(
    "is %s alone where the token has no ids",
    (sub) => {
      expect(githubSubjectSpellings(claimsOf({ sub }))).toEqual([sub]);
    },
  );

  it("has each spelling once", () => {
    const claims = claimsOf({ sub: "repo:acme/app:x", repository_owner_id: "42", repository_id: "4711" });
    expect(githubSubjectSpellings(claims)).toEqual(["repo:acme/app:x", "repo:acme@42/app@4711:x"]);
  });
});
