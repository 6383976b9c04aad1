import { it } from "vitest";
import { describeProfile, type ProfileRow, rowCheck } from "../../../../test/support/profile-table.ts";
import { semaphore } from "./semaphore.ts";

const PROJECT = "936a5312-a3b8-4921-8b3f-2cec8baac574";
const PULL_REQUEST = "denied: a job for a pull request";
const DEBUG = "denied: a job that somebody started to log in to it";

/** By Semaphore's reference; `aud` is the issuer. */
const TOKEN = {
  iss: "https://acme.semaphoreci.com",
  aud: "https://acme.semaphoreci.com",
  sub: `org:acme:project:${PROJECT}:repo:app:ref_type:branch:ref:refs/heads/main`,
  jti: "2s557dchalv2mv76kk000el1",
  branch: "main",
  pr_branch: "",
  pr: "",
  ref: "refs/heads/main",
  ref_type: "branch",
  tag: "",
  repo: "app",
  repo_slug: "acme/app",
  org: "acme",
  org_id: "d7dd33ad-9317-498c-9cc6-51c250749be7",
  prj: "app",
  prj_id: PROJECT,
  wf_id: "1be81412-6ab8-4fc0-9d0d-7af33335a6ec",
  ppl_id: "1e1fcfb5-09c0-487e-b051-2d0b5514c42a",
  job_id: "c117e453-1189-4eaf-b03a-dd6538eb49b2",
  job_type: "pipeline_job",
  trg: "h:f-i:f",
};
const CLAIMS = {
  org_id: ["d7dd33ad-9317-498c-9cc6-51c250749be7"],
  prj_id: [PROJECT],
  ref_type: ["branch"],
  ref: ["refs/heads/main"],
};
const { ref_type: _, ref: __, ...PROJECT_ONLY } = CLAIMS;
/** `branch` is what the pull request aims at. */
const PULL = {
  sub: `org:acme:project:${PROJECT}:repo:app:ref_type:pull-request:ref:refs/pull/7/merge`,
  ref: "refs/pull/7/merge",
  ref_type: "pull-request",
  pr: "7",
  pr_branch: "feature",
};
const OPEN = `org:acme:project:${PROJECT}:**`;

const BASE = { profile: semaphore, token: TOKEN, rule: { subject: TOKEN.sub, claims: CLAIMS } };

describeProfile({
  ...BASE,
  rows: [
    {
      job: "the name with a new organization",
      token: { org_id: "ffffffff-9317-498c-9cc6-51c250749be7" },
      outcome: "claim org_id",
    },
    {
      job: "the name with a new project",
      token: { prj_id: "ffffffff-a3b8-4921-8b3f-2cec8baac574" },
      outcome: "claim prj_id",
    },
    {
      job: "another organization's issuer",
      token: { iss: "https://evil.semaphoreci.com" },
      outcome: "issuer",
    },
    { job: "another project", token: { sub: TOKEN.sub.replace("936a", "ffff") }, outcome: "subject" },
    { job: "a tag of the branch's name", token: { ref_type: "tag" }, outcome: "claim ref_type" },
  ],
  tenants: {
    [`org:acme:project:${PROJECT}:`]: "id",
    [`x:org:acme:project:${PROJECT}:`]: "none",
    "org:acme:project:": "none",
    "org:acme:": "none",
    "": "none",
  },
  issuers: {
    "https://acme.semaphoreci.com": "own",
    "https://semaphoreci.com": "other",
    "https://acme.semaphoreci.com.evil.example": "other",
    "https://evil.example/https://acme.semaphoreci.com": "other",
  },
});

// attack 62
it.each<ProfileRow>([
  {
    job: "a pull request to main, where main is wanted",
    token: PULL,
    rule: { subject: OPEN, claims: { ...PROJECT_ONLY, branch: ["main"] } },
    outcome: PULL_REQUEST,
  },
  {
    job: "a pull request to main, where a branch is wanted",
    token: PULL,
    rule: { subject: OPEN, claims: { ...PROJECT_ONLY, branch: ["main"], ref_type: ["branch"] } },
    outcome: "claim ref_type",
  },
  {
    job: "a pull request, asked for",
    token: PULL,
    rule: { subject: OPEN, claims: { ...PROJECT_ONLY, ref_type: ["pull-request"] } },
    outcome: "matches",
  },
  {
    job: "the number of a pull request under a branch",
    token: { pr: "7" },
    rule: { claims: PROJECT_ONLY },
    outcome: PULL_REQUEST,
  },
  {
    job: "a type of ref in a list",
    token: { ref_type: ["branch"] },
    rule: { claims: PROJECT_ONLY },
    outcome: PULL_REQUEST,
  },
  {
    job: "no type of ref",
    token: { ref_type: undefined },
    rule: { claims: PROJECT_ONLY },
    outcome: PULL_REQUEST,
  },
  { job: "a branch", rule: { claims: PROJECT_ONLY }, outcome: "matches" },
  {
    job: "a tag",
    token: { ref_type: "tag", tag: "v1" },
    rule: { claims: PROJECT_ONLY },
    outcome: "matches",
  },
])("a pull request, $job: $outcome", rowCheck(BASE));

// attack 65
it.each<ProfileRow>([
  { job: "the debugging of a job", token: { job_type: "debug_job" }, outcome: DEBUG },
  { job: "the debugging of a project", token: { job_type: "project_debug_job" }, outcome: DEBUG },
  {
    job: "the debugging of a job, asked for",
    token: { job_type: "debug_job" },
    rule: { claims: { ...CLAIMS, job_type: ["debug_job"] } },
    outcome: "matches",
  },
  { job: "no type of job", token: { job_type: undefined }, outcome: DEBUG },
])("the type of the job, $job: $outcome", rowCheck(BASE));
