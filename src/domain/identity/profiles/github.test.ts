import { describe, it } from "vitest";
import { IDS, PUSH, WORKFLOW } from "../../../../test/support/github-job.ts";
import { describeProfile, type ProfileRow, rowCheck } from "../../../../test/support/profile-table.ts";

const OUTSIDER = "denied: a job that a pull request, a comment or another workflow started";
const PULL_REF = "denied: a job on a pull request's ref";
const pullRequest = (event_name: string) => ({
  token: { event_name, sub: "repo:acme/app:pull_request", ref: "refs/pull/7/merge" },
  rule: { subject: "repo:acme/app:pull_request" },
});

const check = rowCheck(PUSH);

describeProfile({
  ...PUSH,
  rows: [
    { job: "ids as numbers", token: { repository_id: 4711, repository_owner_id: 42 }, outcome: "matches" },
    {
      job: "ids in the subject, numbers in the claims",
      token: {
        sub: "repo:acme@42/app@4711:ref:refs/heads/main",
        repository_id: 4711,
        repository_owner_id: 42,
      },
      outcome: "matches",
    },
    { job: "an id in a list", token: { repository_id: ["4711"] }, outcome: "claim repository_id" },
    {
      job: "protected by name, the rule's true",
      rule: { claims: { ...IDS, ref_protected: ["true"] } },
      outcome: "matches",
    },
    {
      job: "protected as a boolean, the rule's true",
      token: { ref_protected: true },
      rule: { claims: { ...IDS, ref_protected: ["true"] } },
      outcome: "matches",
    },
    {
      job: "unprotected",
      token: { ref_protected: "false" },
      rule: { claims: { ...IDS, ref_protected: ["true"] } },
      outcome: "claim ref_protected",
    },
  ],
  tenants: {
    "repo:acme/": "name",
    "repo:acme/app:ref:refs/heads/main": "name",
    "repo:acme@42/": "id",
    "repo:acme@42/app@4711:": "id",
    "repo:acme": "none",
    "repo:acme@42": "none",
    "repo:acme@x/": "none",
    "repo:": "none",
    "repository_owner:acme": "none",
    "x:repo:acme/": "none",
    "": "none",
  },
  issuers: {
    "https://token.actions.githubusercontent.com": "shared",
    "https://token.actions.githubusercontent.com/acme": "own",
    "https://token.actions.acme.ghe.com": "own",
    "https://token.actions.acme.ghe.com/acme": "own",
    "https://github.acme.example/_services/token": "own",
    "https://token.actions.githubusercontent.com.evil.example": "other",
    "https://token.actions.acme.ghe.com.evil.example": "other",
    "https://token.actions.acme.ghe.com/acme/x": "other",
    "https://github.acme.example/_services/token/x": "other",
    "https://evil.example/https://token.actions.githubusercontent.com": "other",
    "https://evil.example/https://token.actions.acme.ghe.com": "other",
    "https://evil.example/https://github.acme.example/_services/token": "other",
    "https://evil.example/token.actions.acme.ghe.com": "other",
    "https://evil.example/a/_services/token": "other",
  },
});

describe("GitHub", () => {
  // attack 67
  it.each<ProfileRow>([
    {
      job: "the name with a new owner",
      token: { repository_owner_id: "43", repository_id: "9999" },
      outcome: "claim repository_id",
    },
    {
      job: "the name with a new repository",
      token: { repository_id: "9999" },
      outcome: "claim repository_id",
    },
    {
      job: "the repository moved to another owner",
      token: { repository_owner_id: "43" },
      outcome: "claim repository_owner_id",
    },
    { job: "another owner", token: { sub: "repo:acme-evil/app:ref:refs/heads/main" }, outcome: "subject" },
    { job: "another branch", token: { sub: "repo:acme/app:ref:refs/heads/dev" }, outcome: "subject" },
    {
      job: "another issuer with the same ids",
      token: { iss: "https://github.acme.example/_services/token" },
      outcome: "issuer",
    },
  ])("a name that another has now, $job: $outcome", check);

  // attack 61
  it.each<ProfileRow>([
    ...["pull_request", "pull_request_review", "pull_request_review_comment"].map(
      (event) => ({ job: `${event}, not asked for`, ...pullRequest(event), outcome: OUTSIDER }) as const,
    ),
    ...[
      "pull_request_target",
      "workflow_run",
      "issue_comment",
      "issues",
      "fork",
      "watch",
      "discussion",
      "discussion_comment",
      "gollum",
    ].map(
      (event) =>
        ({
          job: `${event} on main, not asked for`,
          token: { event_name: event },
          outcome: OUTSIDER,
        }) as const,
    ),
    {
      job: "pull_request, asked for",
      token: pullRequest("pull_request").token,
      rule: { subject: "repo:acme/app:pull_request", claims: { ...IDS, event_name: ["pull_request"] } },
      outcome: "matches",
    },
    {
      job: "pull_request_target, where pull_request was asked for",
      token: { event_name: "pull_request_target" },
      rule: { claims: { ...IDS, event_name: ["pull_request"] } },
      outcome: "claim event_name",
    },
    {
      job: "workflow_run, asked for",
      token: { event_name: "workflow_run" },
      rule: { claims: { ...IDS, event_name: ["push", "workflow_run"] } },
      outcome: "matches",
    },
    {
      job: "the ref of a pull request under another event",
      token: { event_name: "future_event", ref: "refs/pull/7/head" },
      outcome: PULL_REF,
    },
    {
      job: "that ref, named by the rule",
      token: { event_name: "future_event", ref: "refs/pull/7/head" },
      rule: { claims: { ...IDS, ref: ["refs/pull/**"] } },
      outcome: PULL_REF,
    },
    { job: "an event in a list", token: { event_name: ["push"] }, outcome: OUTSIDER },
    { job: "no event", token: { event_name: undefined }, outcome: OUTSIDER },
    {
      job: "a deployment of a commit",
      token: { event_name: "deployment", ref: "" },
      outcome: "denied: a job without a ref",
    },
    {
      job: "a deployment of a commit, asked for",
      token: { event_name: "deployment", ref: "" },
      rule: { claims: { ...IDS, event_name: ["deployment"] } },
      outcome: "matches",
    },
    { job: "a ref in a list", token: { ref: ["refs/heads/main"] }, outcome: "denied: a job without a ref" },
    ...["push", "workflow_dispatch", "schedule", "release", "merge_group"].map(
      (event) => ({ job: event, token: { event_name: event }, outcome: "matches" }) as const,
    ),
  ])("an event, $job: $outcome", check);

  // attack 63, 64
  it.each<ProfileRow>([
    {
      job: "a stranger's call of the trusted workflow",
      token: { sub: "repo:evil/x:ref:refs/heads/main", repository_id: "1", repository_owner_id: "2" },
      rule: { subject: "**", claims: { ...IDS, job_workflow_ref: [WORKFLOW] } },
      outcome: "claim repository_id",
    },
    {
      job: "another workflow of the repository",
      token: { workflow_ref: "acme/app/.github/workflows/evil.yml@refs/heads/main" },
      rule: { claims: { ...IDS, workflow_ref: [WORKFLOW] } },
      outcome: "claim workflow_ref",
    },
    {
      job: "a branch called x@refs/heads/main",
      token: { workflow_ref: "acme/app/.github/workflows/release.yml@refs/heads/x@refs/heads/main" },
      rule: { claims: { ...IDS, workflow_ref: ["acme/app/.github/workflows/*@refs/heads/main"] } },
      outcome: "claim workflow_ref",
    },
    {
      job: "a file called a@b.yml",
      token: { workflow_ref: "acme/app/.github/workflows/a@b.yml@refs/heads/main" },
      rule: { claims: { ...IDS, workflow_ref: ["acme/app/.github/workflows/*@refs/heads/main"] } },
      outcome: "matches",
    },
  ])("a workflow, $job: $outcome", check);

  // attack 65
  it.each<ProfileRow>([
    {
      job: "a self-hosted runner",
      token: { runner_environment: "self-hosted" },
      rule: { claims: { ...IDS, runner_environment: ["github-hosted"] } },
      outcome: "claim runner_environment",
    },
  ])("a runner, $job: $outcome", check);
});
