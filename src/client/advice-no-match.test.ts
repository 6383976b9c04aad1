import { describe, expect, it } from "vitest";
import { claimsOf } from "../../test/support/claims.ts";
import { PUSH } from "../../test/support/github-job.ts";
import { buildkite } from "../domain/identity/profiles/buildkite.ts";
import { github } from "../domain/identity/profiles/github.ts";
import { gitlab } from "../domain/identity/profiles/gitlab.ts";
import type { Profile } from "../domain/identity/profiles/profile.ts";
import { type HintCode, noMatchHints, ruleOfToken } from "./advice-no-match.ts";

/** A push to main in an environment: nothing to hint at. */
const GITHUB = { ...PUSH.token, environment: "production" };
const GITLAB = {
  iss: "https://gitlab.com",
  sub: "project_path:acme/app:ref_type:branch:ref:main",
  project_id: "4711",
  namespace_id: "42",
  ref: "main",
  ref_protected: "true",
  pipeline_source: "push",
  job_id: "1",
  environment: "production",
};
const BUILDKITE = { iss: "https://agent.buildkite.com", sub: "organization:acme:pipeline:app:ref:main" };

interface Seen {
  readonly profile: Profile;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly says: string;
}

const HINTS: Readonly<Record<HintCode, Seen>> = {
  job_denied: {
    profile: github,
    claims: { ...GITHUB, event_name: "pull_request_target" },
    says: "This is a job that a pull request, a comment or another workflow started: refused unless a rule asks for such jobs by `event_name`.",
  },
  environment_not_set: {
    profile: github,
    claims: { ...GITHUB, environment: undefined },
    says: "The job names no environment (`environment:`), so a rule for one does not take it.",
  },
  ref_not_protected: {
    profile: gitlab,
    claims: { ...GITLAB, ref: "try", ref_protected: "false" },
    says: "The ref try is not protected (`ref_protected`), and rules often ask for one that is.",
  },
  ref_is_tag: {
    profile: github,
    claims: { ...GITHUB, ref: "refs/tags/v1", ref_type: "tag" },
    says: "The job runs for the tag refs/tags/v1, which a rule for a branch does not take.",
  },
  subject_form: {
    profile: github,
    claims: { ...GITHUB, sub: "repository_owner:acme:repository_visibility:private" },
    says: "The subject is not in the platform's usual form, so that a rule must have it as it stands here.",
  },
  buildkite_ids_missing: {
    profile: buildkite,
    claims: BUILDKITE,
    says: "The token lacks organization_id and pipeline_id: ask for it with `--claim organization_id,pipeline_id`.",
  },
};

describe("why no rule may have matched", () => {
  it.each(Object.entries(HINTS))("is hinted at by %s alone", (_, { profile, claims, says }) => {
    expect(noMatchHints(claimsOf(claims), profile)).toEqual([says]);
  });

  it.each([
    ["GitHub", GITHUB, github],
    ["GitLab", GITLAB, gitlab],
    ["Buildkite", { ...BUILDKITE, organization_id: "1", pipeline_id: "2" }, buildkite],
  ])("is not hinted at where all is as it should be on %s", (_, claims, profile) => {
    expect(noMatchHints(claimsOf(claims), profile)).toEqual([]);
  });

  it("lets no claim of the token begin a line", () => {
    const claims = claimsOf({ ...GITHUB, ref: "a\n::error::", ref_protected: "false" });
    expect(noMatchHints(claims, github).join()).not.toContain("\n");
    expect(ruleOfToken(claims, github).filter((line) => line.startsWith("::"))).toEqual([]);
  });
});

describe("the token as a rule would have it", () => {
  it("has issuer, subject, ids, gates and audience", () => {
    expect(ruleOfToken(claimsOf({ ...GITHUB, aud: "https://berth.example.com" }), github)).toEqual([
      '  issuer: "https://token.actions.githubusercontent.com"',
      '  subject: "repo:acme/app:ref:refs/heads/main"',
      "  claims:",
      '    repository_id: "4711"',
      '    repository_owner_id: "42"',
      '    environment: "production"',
      '    ref: "refs/heads/main"',
      '    ref_protected: "true"',
      '  audience: "https://berth.example.com"',
    ]);
  });

  it("never has the claim that would let in the kind of job that is refused", () => {
    const fork = claimsOf({ ...GITLAB, project_id: "666", job_project_id: "4711", aud: "x" });
    expect(ruleOfToken(fork, gitlab).join("\n")).not.toContain("666");
    const request = claimsOf({ ...GITHUB, event_name: "pull_request" });
    expect(ruleOfToken(request, github).join("\n")).not.toContain("event_name");
  });
});
