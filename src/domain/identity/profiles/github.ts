import { stringClaim } from "../claims.ts";
import type { JsonObject } from "../strict-json.ts";
import type { Profile, SubjectTenant } from "./profile.ts";

const GITHUB_COM = "https://token.actions.githubusercontent.com";

/** Whoever can open a pull request, or comment, starts these with a ref of their choice. */
const OUTSIDERS_EVENTS = [
  "pull_request",
  "pull_request_target",
  "workflow_run",
  "issue_comment",
  "issues",
  "fork",
];

/** GitHub Actions: github.com, an enterprise's own issuer path, GHE.com with data residency, Enterprise Server. */
export const github: Profile = {
  name: "github",
  recognises: (url) =>
    url === GITHUB_COM ||
    url.startsWith(`${GITHUB_COM}/`) ||
    /^https:\/\/token\.actions\.[a-z0-9-]+\.ghe\.com(?:\/[A-Za-z0-9-]+)?$/.test(url) ||
    url.endsWith("/_services/token"),
  isShared: (url) => url === GITHUB_COM,
  defaults: {
    algorithms: ["RS256"],
    replay: "jti",
    maxLifetimeSeconds: 600,
  },
  tenants: [
    { claim: "repository_id" },
    { claim: "repository_owner_id" },
    { claim: "enterprise_id" },
    { claim: "repository", id: "repository_id" },
    { claim: "repository_owner", id: "repository_owner_id" },
    { claim: "enterprise", id: "enterprise_id" },
  ],
  recyclable: [
    { claim: "sub", id: "repository_id" },
    { claim: "repository", id: "repository_id" },
    { claim: "repository_owner", id: "repository_owner_id" },
    { claim: "enterprise", id: "enterprise_id" },
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
  ],
  subjectCanBeCustomised: true,
  tenantOfSubject,
  subjectSpellings,
  denials: [
    {
      claim: "event_name",
      denies: (claims) => OUTSIDERS_EVENTS.includes(stringClaim(claims, "event_name") ?? ""),
      what: "a job that a pull request, a comment or another workflow started",
    },
    {
      claim: "ref",
      denies: (claims) => (stringClaim(claims, "ref") ?? "").startsWith("refs/pull/"),
      what: "a job on a pull request's ref",
    },
  ],
  provenance: ["repository", "repository_id", "ref", "sha", "workflow_ref", "run_id", "run_attempt", "actor"],
  variables: {
    repository: { claim: "repository", take: "whole" },
    repository_name: { claim: "repository", take: "last-segment" },
    repository_owner: { claim: "repository_owner", take: "whole" },
  },
};

/** `repo:OWNER/NAME:…`, each with `@ID` in the form that GitHub gives to repositories made since July 2026. */
const SUBJECT = /^repo:([^@/:]+)(?:@(\d+))?\/([^@/:]+)(?:@(\d+))?(:.*)?$/s;

/** One repository has two subjects; a rule written for either matches both, if the ids agree. */
function subjectSpellings(claims: JsonObject): readonly string[] | undefined {
  const sub = stringClaim(claims, "sub") ?? "";
  const [, owner, ownerId, name, repositoryId, rest = ""] = SUBJECT.exec(sub) ?? [];
  if (owner === undefined) return [sub];
  const claimedOwnerId = stringClaim(claims, "repository_owner_id");
  const claimedId = stringClaim(claims, "repository_id");
  if (ownerId !== undefined && ownerId !== claimedOwnerId) return undefined;
  if (repositoryId !== undefined && repositoryId !== claimedId) return undefined;
  if (claimedOwnerId === undefined || claimedId === undefined) return [sub];
  return [`repo:${owner}/${name}${rest}`, `repo:${owner}@${claimedOwnerId}/${name}@${claimedId}${rest}`];
}

function tenantOfSubject(fixedPrefix: string): SubjectTenant {
  // The owner must stand whole before any wildcard: `repo:acme*` takes in `acme-evil`.
  const owner = /^repo:([^/:]+)\//.exec(fixedPrefix)?.[1];
  if (owner === undefined) return "none";
  return owner.includes("@") ? "id" : "name";
}
