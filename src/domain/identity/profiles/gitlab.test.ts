import { describeProfile } from "../../../../test/support/profile-table.ts";
import { gitlab } from "./gitlab.ts";

const FORK = "denied: a merge request of a fork, which runs in the target project";
const MERGE_REQUEST = "denied: a merge request's pipeline";
const NO_JOB = "denied: a token that is not a CI job's";

/** A job on a protected branch, by GitLab's documentation of ID tokens. */
const TOKEN = {
  iss: "https://gitlab.com",
  sub: "project_path:acme/app:ref_type:branch:ref:main",
  jti: "235b3a54-b797-45c7-ae9a-f72d7bc6ef5b",
  project_id: "4711",
  project_path: "acme/app",
  namespace_id: "42",
  namespace_path: "acme",
  job_project_id: "4711",
  job_project_path: "acme/app",
  job_namespace_id: "42",
  job_namespace_path: "acme",
  user_id: "7",
  user_login: "sample-user",
  user_access_level: "developer",
  pipeline_id: "574",
  pipeline_source: "push",
  job_id: "302",
  ref: "main",
  ref_type: "branch",
  ref_path: "refs/heads/main",
  ref_protected: "true",
  runner_id: 1,
  runner_environment: "gitlab-hosted",
  sha: "0123456789abcdef0123456789abcdef01234567",
  project_visibility: "private",
  ci_config_ref_uri: "gitlab.com/acme/app//.gitlab-ci.yml@refs/heads/main",
  ci_config_sha: "0123456789abcdef0123456789abcdef01234567",
};
const CLAIMS = { project_id: ["4711"], ref_protected: ["true"] };
/** What a merge request of a fork says since GitLab 18.4, where it runs in the target project. */
const OF_FORK = {
  sub: "project_path:evil/app:ref_type:branch:ref:main",
  project_id: "666",
  project_path: "evil/app",
  namespace_id: "66",
  namespace_path: "evil",
  pipeline_source: "merge_request_event",
};

describeProfile({
  profile: gitlab,
  token: TOKEN,
  rule: { subject: TOKEN.sub, claims: CLAIMS },
  rows: [
    {
      job: "the path with a new project",
      token: { project_id: "9999", job_project_id: "9999" },
      outcome: "claim project_id",
    },
    {
      job: "another group",
      token: { sub: "project_path:acme-evil/app:ref_type:branch:ref:main" },
      outcome: "subject",
    },
    {
      job: "a tag of the branch's name",
      token: { sub: "project_path:acme/app:ref_type:tag:ref:main" },
      outcome: "subject",
    },
    {
      job: "a branch that is not protected",
      token: { ref_protected: "false" },
      outcome: "claim ref_protected",
    },
    { job: "protected as a boolean", token: { ref_protected: true }, outcome: "matches" },
    { job: "the project id as a number", token: { project_id: 4711 }, outcome: "matches" },
    {
      job: "the runner by its number",
      rule: { claims: { ...CLAIMS, runner_id: ["1"] } },
      outcome: "matches",
    },
    {
      job: "the runner by another number",
      rule: { claims: { ...CLAIMS, runner_id: ["10"] } },
      outcome: "claim runner_id",
    },

    {
      job: "the subject by ids, the rule by path",
      token: { sub: "project_id:4711:ref_type:branch:ref:main" },
      outcome: "subject",
    },
    {
      job: "the subject by ids, and its rule",
      token: { sub: "project_id:4711:ref_type:branch:ref:main" },
      rule: { subject: "project_id:4711:ref_type:branch:ref:main", claims: {} },
      outcome: "matches",
    },
    {
      job: "a subject with a component more",
      token: { sub: `${TOKEN.sub}:ref_protected:true` },
      outcome: "subject",
    },

    { job: "a fork's merge request, its own branch for main", token: OF_FORK, outcome: "subject" },
    {
      job: "a fork's merge request, where the job's project is all that is named",
      token: OF_FORK,
      rule: { subject: "**", claims: { job_project_id: ["4711"] } },
      outcome: FORK,
    },
    {
      job: "that, and merge requests asked for",
      token: OF_FORK,
      rule: { subject: "**", claims: { job_project_id: ["4711"], pipeline_source: ["merge_request_event"] } },
      outcome: FORK,
    },
    {
      job: "a fork's merge request, the target named",
      token: OF_FORK,
      rule: { subject: "**" },
      outcome: "claim project_id",
    },
    {
      job: "a fork's merge request, the fork named and asked for",
      token: OF_FORK,
      rule: {
        subject: "**",
        claims: { project_id: ["666"], job_project_id: ["4711"], pipeline_source: ["merge_request_event"] },
      },
      outcome: "matches",
    },
    {
      job: "a server that does not say where the job runs",
      token: { job_project_id: undefined, job_namespace_id: undefined },
      rule: { claims: { namespace_id: ["42"] } },
      outcome: "matches",
    },

    {
      job: "a merge request, not asked for",
      token: { pipeline_source: "merge_request_event" },
      outcome: MERGE_REQUEST,
    },
    {
      job: "an external pull request, not asked for",
      token: { pipeline_source: "external_pull_request_event" },
      outcome: MERGE_REQUEST,
    },
    {
      job: "a merge request, asked for",
      token: { pipeline_source: "merge_request_event" },
      rule: { claims: { ...CLAIMS, pipeline_source: ["merge_request_event"] } },
      outcome: "matches",
    },
    {
      job: "a merge request's child pipeline, not asked for",
      token: { pipeline_source: "parent_pipeline", ref_path: "refs/merge-requests/7/head" },
      outcome: MERGE_REQUEST,
    },
    {
      job: "a merge request's child pipeline, asked for",
      token: { pipeline_source: "parent_pipeline", ref_path: "refs/merge-requests/7/head" },
      rule: { claims: { ...CLAIMS, pipeline_source: ["parent_pipeline"] } },
      outcome: "matches",
    },
    { job: "a server that does not say the ref's path", token: { ref_path: undefined }, outcome: "matches" },
    { job: "a source in a list", token: { pipeline_source: ["push"] }, outcome: MERGE_REQUEST },
    ...["push", "web", "schedule", "api", "trigger", "parent_pipeline"].map(
      (source) => ({ job: source, token: { pipeline_source: source }, outcome: "matches" }) as const,
    ),

    // The login of a person: same issuer, same keys, `sub` is the user's number.
    {
      job: "a person's login",
      token: {
        sub: "7",
        job_id: undefined,
        project_id: undefined,
        pipeline_source: undefined,
        job_project_id: undefined,
      },
      rule: { subject: "7", claims: {} },
      outcome: MERGE_REQUEST,
    },
    { job: "no job", token: { job_id: undefined }, outcome: NO_JOB },
    { job: "a job that is null", token: { job_id: null }, outcome: NO_JOB },
    {
      job: "no project",
      token: { project_id: undefined, job_project_id: undefined },
      rule: { claims: {} },
      outcome: NO_JOB,
    },
  ],
  tenants: {
    "project_path:acme/": "name",
    "project_path:acme/app:ref_type:branch:ref:main": "name",
    "project_id:4711:": "id",
    "project_id:4711": "none",
    "project_path:acme": "none",
    "x:project_path:acme/": "none",
    "x:project_id:4711:": "none",
    "project_id:x:": "none",
    "": "none",
  },
  issuers: {
    "https://gitlab.com": "shared",
    "https://gitlab.com/": "other",
    "https://evil.example/https://gitlab.com": "other",
  },
  declared: ["https://gitlab.acme.example"],
});
