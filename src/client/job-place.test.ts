import { expect, it } from "vitest";
import { jobMark, jobPlace } from "./job-place.ts";

const TMPDIR = "/somewhere";

it.each([
  {
    job: "on GitHub's machine",
    variables: { GITHUB_ACTIONS: "true", RUNNER_ENVIRONMENT: "github-hosted" },
    isShared: false,
  },
  {
    job: "on a machine of one's own",
    variables: { GITHUB_ACTIONS: "true", RUNNER_ENVIRONMENT: "self-hosted" },
    isShared: true,
  },
  {
    job: "of GitLab's docker executor",
    variables: { GITLAB_CI: "true", CI_DISPOSABLE_ENVIRONMENT: "true" },
    isShared: false,
  },
  {
    job: "of GitLab's shell executor",
    variables: { GITLAB_CI: "true", CI_SHARED_ENVIRONMENT: "true" },
    isShared: true,
  },
  {
    job: "on Buildkite's machine",
    variables: { BUILDKITE: "true", BUILDKITE_COMPUTE_TYPE: "hosted" },
    isShared: false,
  },
  {
    job: "of one's own Buildkite agent",
    variables: { BUILDKITE: "true", BUILDKITE_COMPUTE_TYPE: "self-hosted" },
    isShared: true,
  },
  { job: "on Azure's machine", variables: { TF_BUILD: "True", AGENT_ISSELFHOSTED: "0" }, isShared: false },
  {
    job: "of one's own Azure agent",
    variables: { TF_BUILD: "True", AGENT_ISSELFHOSTED: "1" },
    isShared: true,
  },
  { job: "of Jenkins", variables: { JENKINS_URL: "https://jenkins.example/" }, isShared: true },
  { job: "of CircleCI", variables: { CIRCLECI: "true" }, isShared: false },
  { job: "of nobody that is known", variables: {}, isShared: false },
])("a job $job shares its machine: $isShared", ({ variables, isShared }) => {
  expect(jobPlace(variables).isShared).toBe(isShared);
});

it.each([
  { variables: { GITHUB_ACTIONS: "true", RUNNER_TEMP: "/runner/temp" }, folder: "/runner/temp" },
  { variables: { GITLAB_CI: "true", CI_PROJECT_DIR: "/builds/acme/app" }, folder: "/builds/acme/app.tmp" },
  { variables: { TF_BUILD: "True", AGENT_TEMPDIRECTORY: "/agent/temp" }, folder: "/agent/temp" },
  { variables: { JENKINS_URL: "x", WORKSPACE_TMP: "/jobs/app@tmp" }, folder: "/jobs/app@tmp" },
  { variables: { GITLAB_CI: "true" }, folder: TMPDIR },
  { variables: {}, folder: TMPDIR },
])("$variables has its temporary files in $folder", ({ variables, folder }) => {
  expect(jobPlace({ TMPDIR, ...variables }).tempFolder).toBe(folder);
});

it.each([
  [{ GITHUB_ACTIONS: "true", GITHUB_RUN_ID: "1", GITHUB_JOB: "a" }, { GITHUB_JOB: "b" }],
  [{ GITLAB_CI: "true", CI_JOB_ID: "1" }, { CI_JOB_ID: "2" }],
  [{ BUILDKITE: "true", BUILDKITE_JOB_ID: "1" }, { BUILDKITE_JOB_ID: "2" }],
  [{ TF_BUILD: "True", SYSTEM_JOBID: "1" }, { SYSTEM_JOBID: "2" }],
  [{ JENKINS_URL: "x", BUILD_TAG: "a", EXECUTOR_NUMBER: "1" }, { EXECUTOR_NUMBER: "2" }],
  [{ CIRCLECI: "true", CIRCLE_WORKFLOW_JOB_ID: "1" }, { CIRCLE_WORKFLOW_JOB_ID: "2" }],
  [{ SEMAPHORE: "true", SEMAPHORE_JOB_ID: "1" }, { SEMAPHORE_JOB_ID: "2" }],
  [{ BITBUCKET_BUILD_NUMBER: "1", BITBUCKET_STEP_UUID: "1" }, { BITBUCKET_STEP_UUID: "2" }],
])("tells %j from a job with %j", (one, change) => {
  const mark = jobMark(jobPlace(one));
  expect(mark).toMatch(/^[0-9a-f]{16}$/);
  expect(jobMark(jobPlace({ ...one }))).toBe(mark);
  expect(jobMark(jobPlace({ ...one, ...change }))).not.toBe(mark);
});

it("does not tell jobs apart where the platform does not", () => {
  expect(jobMark(jobPlace({}))).toBe("");
  expect(jobMark(jobPlace({ GITLAB_CI: "true" }))).toBe("");
});
