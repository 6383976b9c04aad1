import { it } from "vitest";
import { describeProfile, type ProfileRow, rowCheck } from "../../../../test/support/profile-table.ts";
import { buildkite } from "./buildkite.ts";

const ORGANIZATION = "0184990a-477b-4fa8-9968-496074483001";
const PIPELINE = "0184990a-4782-42b5-afc1-16715b10b002";
const AGENT = "0184990a-4782-42b5-afc1-16715b10b8ff";

/** By Buildkite's documentation, asked for with `--claim organization_id,pipeline_id`. */
const TOKEN = {
  iss: "https://agent.buildkite.com",
  sub: "organization:acme:pipeline:app:ref:refs/heads/main:commit:9f3182061f1e2cca4702c368cbc039b7dc9d4485:step:build",
  organization_slug: "acme",
  pipeline_slug: "app",
  organization_id: ORGANIZATION,
  pipeline_id: PIPELINE,
  build_number: 1,
  build_branch: "main",
  build_commit: "9f3182061f1e2cca4702c368cbc039b7dc9d4485",
  step_key: "build",
  job_id: "0184990a-477b-4fa8-9968-496074483cee",
  agent_id: AGENT,
  build_source: "webhook",
  runner_environment: "buildkite-hosted",
};
const CLAIMS = { organization_id: [ORGANIZATION], pipeline_id: [PIPELINE], build_branch: ["main"] };
const BY_PIPELINE = { subject: PIPELINE };

const BASE = {
  profile: buildkite,
  token: TOKEN,
  rule: { subject: "organization:acme:pipeline:app:ref:refs/heads/main:commit:*:step:*", claims: CLAIMS },
};

describeProfile({
  ...BASE,
  rows: [
    {
      job: "the slug with a new organization",
      token: { organization_id: "ffffffff-477b-4fa8-9968-496074483001" },
      outcome: "claim organization_id",
    },
    {
      job: "the slug with a new pipeline",
      token: { pipeline_id: "ffffffff-4782-42b5-afc1-16715b10b002" },
      outcome: "claim pipeline_id",
    },
    {
      job: "ids that the job did not ask for",
      token: { organization_id: undefined, pipeline_id: undefined },
      outcome: "claim organization_id",
    },
    {
      job: "another organization",
      token: { sub: TOKEN.sub.replace("acme", "acme-evil") },
      outcome: "subject",
    },
    { job: "another branch", token: { build_branch: "dev" }, outcome: "claim build_branch" },
    {
      job: "a branch called like the rest of a subject",
      token: {
        sub: "organization:acme:pipeline:app:ref:refs/heads/main:commit:x:step:y:commit:9f31:step:build",
      },
      outcome: "subject",
    },

    {
      job: "a build number that is a number",
      rule: { claims: { ...CLAIMS, build_number: ["1"] } },
      outcome: "matches",
    },
    {
      job: "a step without a key",
      token: { step_key: null },
      rule: { claims: { ...CLAIMS, step_key: ["null", ""] } },
      outcome: "claim step_key",
    },

    {
      job: "a self-hosted agent",
      token: { runner_environment: "self-hosted" },
      rule: { claims: { ...CLAIMS, runner_environment: ["buildkite-hosted"] } },
      outcome: "claim runner_environment",
    },
  ],
  tenants: {
    "organization:acme:": "name",
    "organization:acme:pipeline:app:": "name",
    [PIPELINE]: "id",
    "organization:acme": "none",
    "x:organization:acme:": "none",
    [`x:${PIPELINE}`]: "none",
    [`${PIPELINE}:x`]: "none",
    "0184990a-": "none",
    "": "none",
  },
  issuers: {
    "https://agent.buildkite.com": "shared",
    "https://agent.buildkite.com/": "other",
    "https://buildkite.com": "other",
  },
});

// attack 59
it.each<ProfileRow>([
  { job: "the pipeline's id for a subject", token: { sub: PIPELINE }, outcome: "subject" },
  {
    job: "the pipeline's id for a subject, and its rule",
    token: { sub: PIPELINE },
    rule: BY_PIPELINE,
    outcome: "matches",
  },
  {
    job: "an id for a subject that is in no claim",
    token: { sub: PIPELINE, pipeline_id: undefined },
    rule: { ...BY_PIPELINE, claims: {} },
    outcome: "subject",
  },
  {
    job: "the agent's id for a subject",
    token: { sub: AGENT },
    rule: { subject: AGENT, claims: {} },
    outcome: "subject",
  },
  {
    job: "the agent's id for a subject, under a pattern",
    token: { sub: AGENT },
    rule: { subject: "**" },
    outcome: "subject",
  },
  {
    job: "the cluster's id for a subject",
    token: { sub: AGENT, cluster_id: AGENT },
    rule: { subject: AGENT },
    outcome: "matches",
  },
])("a subject that the job chose, $job: $outcome", rowCheck(BASE));
