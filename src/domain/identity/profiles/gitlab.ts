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
    // A project may run the pipeline that another one, which it can read, has in its repository.
    "ci_config_ref_uri",
    "ci_config_sha",
    "deployment_tier",
    "environment",
    "environment_action",
    "environment_protected",
    "job_id",
    "job_source",
    "pipeline_id",
    "pipeline_source",
    "project_visibility",
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
  // By `ci_id_token_sub_claim_components`; its first is the project's path or id.
  subjectCanBeCustomised: true,
  tenantOfSubject,
  subjectSpellings: plainSubject,
  denials: [
    {
      // Its `project_id` is the fork's. `job_project_id` alone would not do: the job does run in that project.
      claim: "project_id",
      denies: (claims) => {
        const runsIn = comparableClaim(claims, "job_project_id");
        return runsIn !== undefined && runsIn !== comparableClaim(claims, "project_id");
      },
      what: "a merge request of a fork, which runs in the target project",
    },
    {
      claim: "pipeline_source",
      denies: (claims) => {
        const source = stringClaim(claims, "pipeline_source");
        // A child pipeline has another source, and the ref path of the merge request.
        const isOfChild = stringClaim(claims, "ref_path")?.startsWith("refs/merge-requests/") === true;
        return source === undefined || MERGE_REQUEST_SOURCES.includes(source) || isOfChild;
      },
      what: "a merge request's pipeline",
    },
    {
      // The same issuer and keys sign the identity tokens of people who log in.
      claim: "job_id",
      denies: (claims) =>
        ["job_id", "project_id"].some((name) => comparableClaim(claims, name) === undefined),
      what: "a token that is not a CI job's",
    },
  ],
  provenance: [
    "project_path",
    "project_id",
    "ref",
    "ref_type",
    "sha",
    "pipeline_source",
    "pipeline_id",
    "job_id",
    "user_login",
  ],
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
