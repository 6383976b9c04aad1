import { stringClaim } from "../claims.ts";
import { githubSubjectSpellings, githubTenantOfSubject } from "./github-subject.ts";
import type { Denial, Profile } from "./profile.ts";

const GITHUB_COM = "https://token.actions.githubusercontent.com";

/**
 * Events that people without any right on the repository can cause: by a pull request, a comment, a star. Most of
 * them run on the default branch, so that by their ref they look like a release.
 */
const OUTSIDERS_EVENTS = [
  "discussion",
  "discussion_comment",
  "fork",
  "gollum",
  "issue_comment",
  "issues",
  "pull_request",
  "pull_request_review",
  "pull_request_review_comment",
  "pull_request_target",
  "watch",
  "workflow_run",
];

/** Of GitHub Actions, and of those who took its claims over. A rule asks for each by the name of the event. */
export const EVENT_DENIALS: readonly Denial[] = [
  {
    claim: "event_name",
    denies: (claims) => {
      const event = stringClaim(claims, "event_name");
      return event === undefined || OUTSIDERS_EVENTS.includes(event);
    },
    what: "a job that a pull request, a comment or another workflow started",
  },
  {
    claim: "event_name",
    denies: (claims) => stringClaim(claims, "ref")?.startsWith("refs/pull/") === true,
    what: "a job on a pull request's ref",
  },
  {
    // As when a deployment names a commit: no protected branch stands behind it.
    claim: "event_name",
    denies: (claims) => (stringClaim(claims, "ref") ?? "") === "",
    what: "a job without a ref",
  },
];

/** GitHub Actions: github.com, an enterprise's own issuer path, GHE.com with data residency, Enterprise Server. */
export const github: Profile = {
  name: "github",
  recognises: (url) =>
    url === GITHUB_COM ||
    url.startsWith(`${GITHUB_COM}/`) ||
    /^https:\/\/token\.actions\.[a-z0-9-]+\.ghe\.com(?:\/[A-Za-z0-9-]+)?$/.test(url) ||
    /^https:\/\/[^/]+\/_services\/token$/.test(url),
  isShared: (url) => url === GITHUB_COM,
  defaults: { algorithms: ["RS256"], replay: "jti", maxLifetimeSeconds: 600 },
  tenants: [
    { claim: "repository_id" },
    { claim: "repository_owner_id" },
    { claim: "enterprise_id", manyOwners: true },
    { claim: "repository", id: "repository_id" },
    { claim: "repository_owner", id: "repository_owner_id" },
    { claim: "enterprise", id: "enterprise_id" },
  ],
  recyclable: [
    { claim: "sub", id: "repository_id" },
    { claim: "repository", id: "repository_id" },
    { claim: "repository_owner", id: "repository_owner_id" },
    { claim: "enterprise", id: "enterprise_id" },
    // It begins with the repository's name.
    { claim: "workflow_ref", id: "repository_id" },
    { claim: "actor", id: "actor_id" },
  ],
  chosenByJob: [
    "actor",
    "actor_id",
    "base_ref",
    "check_run_id",
    "environment",
    "event_name",
    "head_ref",
    // Any repository may call a reusable workflow that it can read.
    "job_workflow_ref",
    "job_workflow_sha",
    "ref",
    "ref_protected",
    "ref_type",
    "repository_visibility",
    "run_attempt",
    "run_id",
    "run_number",
    "runner_environment",
    "sha",
    "workflow",
    "workflow_sha",
  ],
  // By `include_claim_keys`, even without the repository.
  subjectCanBeCustomised: true,
  tenantOfSubject: githubTenantOfSubject,
  subjectSpellings: githubSubjectSpellings,
  denials: EVENT_DENIALS,
  provenance: [
    "repository",
    "repository_id",
    "ref",
    "sha",
    "workflow_ref",
    "event_name",
    "run_id",
    "run_attempt",
    "actor",
  ],
  variables: {
    repository: { claim: "repository", take: "whole" },
    repository_name: { claim: "repository", take: "last-segment" },
    repository_owner: { claim: "repository_owner", take: "whole" },
  },
};
