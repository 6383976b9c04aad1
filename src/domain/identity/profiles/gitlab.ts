import { comparableClaim, stringClaim } from "../claims.ts";
import type { Profile, SubjectTenant } from "./profile.ts";
import { plainSubject } from "./subject.ts";

const MERGE_REQUEST_SOURCES = ["merge_request_event", "external_pull_request_event"];

/** GitLab CI: gitlab.com by its URL; a self-managed instance says `profile: gitlab`. */
export const gitlab: Profile = {
  name: "gitlab",
  recognises: (url) => url === "https://gitlab.com",
  isShared: (url) => url === "https://gitlab.com",
  // A token lives as long as its job may run, which can be hours.
  defaults: { algorithms: ["RS256"], replay: "jti", maxLifetimeSeconds: 86_400 },
  tenants: [
    { claim: "project_id" },
    { claim: "namespace_id" },
    { claim: "job_project_id" },
    { claim: "job_namespace_id" },
    { claim: "project_path", id: "project_id" },
    { claim: "namespace_path", id: "namespace_id" },
    { claim: "job_project_path", id: "job_project_id" },
    { claim: "job_namespace_path", id: "job_namespace_id" },
  ],
  recyclable: [
    { claim: "sub", id: "project_id" },
    { claim: "project_path", id: "project_id" },
    { claim: "namespace_path", id: "namespace_id" },
    { claim: "job_project_path", id: "job_project_id" },
    { claim: "job_namespace_path", id: "job_namespace_id" },
    { claim: "user_login", id: "user_id" },
    { claim: "user_email", id: "user_id" },
  ],
  chosenByJob: [
    "deployment_tier",
    "environment",
    "environment_action",
    "environment_protected",
    "job_id",
    "pipeline_id",
    "pipeline_source",
    "ref",
    "ref_path",
    "ref_protected",
    "ref_type",
    "runner_environment",
    "runner_id",
    "sha",
    "user_access_level",
    "user_email",
    "user_id",
    "user_login",
  ],
  subjectCanBeCustomised: true,
  tenantOfSubject,
  subjectSpellings: plainSubject,
  denials: [
    {
      claim: "job_project_id",
      denies: (claims) => {
        const runsIn = comparableClaim(claims, "job_project_id");
        return runsIn !== undefined && runsIn !== comparableClaim(claims, "project_id");
      },
      what: "a merge request of a fork, which runs in the target project",
    },
    {
      claim: "pipeline_source",
      denies: (claims) => MERGE_REQUEST_SOURCES.includes(stringClaim(claims, "pipeline_source") ?? ""),
      what: "a merge request's pipeline",
    },
    {
      // The same issuer and keys sign the identity tokens of people who log in.
      claim: "job_id",
      denies: (claims) => comparableClaim(claims, "job_id") === undefined,
      what: "a token that is not a CI job's",
    },
  ],
  provenance: ["project_path", "project_id", "ref", "ref_type", "sha", "pipeline_id", "job_id", "user_login"],
  variables: {
    project_path: { claim: "project_path", take: "whole" },
    project_name: { claim: "project_path", take: "last-segment" },
    namespace_path: { claim: "namespace_path", take: "whole" },
  },
};

function tenantOfSubject(fixedPrefix: string): SubjectTenant {
  if (/^project_id:\d+:/.test(fixedPrefix)) return "id";
  return /^project_path:[^/:]+\//.test(fixedPrefix) ? "name" : "none";
}
