import { describe, expect, it, onTestFinished } from "vitest";
import type { FederationRule } from "../../../src/domain/rules/federation-rule.ts";
import { startTestBerth } from "../../support/berth-app.ts";
import { exchange } from "../../support/requests.ts";

type Claims = Readonly<Record<string, unknown>>;

interface Attack {
  readonly what: string;
  /** What differs from the claims that the rule lets in. */
  readonly change: Claims;
}

interface Setting {
  readonly profile: string;
  readonly rule: Partial<FederationRule>;
  /** A job that the rule is meant for. */
  readonly claims: Claims;
}

/** The job that is meant is let in, the same with one change is not, and uses nothing up. */
async function expectDenied({ profile, rule, claims }: Setting, { change }: Attack): Promise<void> {
  const berth = await startTestBerth({ issuer: { profile, replay: "once" }, rule });
  onTestFinished(() => berth.close());
  const answer = await exchange(berth.app, await berth.issuer.sign({ ...claims, ...change }));
  expect([answer.status, answer.body.reason, await berth.minted()]).toEqual([400, "no_match", 0]);
  expect((await exchange(berth.app, await berth.issuer.sign(claims))).status).toBe(200);
}

const MAIN = "refs/heads/main";
const IDS = { repository_id: "4711", repository_owner_id: "42" };

const GITHUB: Setting = {
  profile: "github",
  rule: {
    subject: `repo:acme/app:ref:${MAIN}`,
    claims: { repository_id: ["4711"], repository_owner_id: ["42"] },
  },
  claims: { ...IDS, sub: `repo:acme/app:ref:${MAIN}`, repository: "acme/app", ref: MAIN, event_name: "push" },
};
/** A rule that says nothing of the subject but whose repository it is. */
const GITHUB_ANY: Setting = { ...GITHUB, rule: { ...GITHUB.rule, subject: "repo:acme/app:**" } };

// attack 57
it.each<Attack>([
  { what: "the owner alone", change: { sub: "repository_owner:acme" } },
  { what: "the repository's id", change: { sub: "repository_id:4711" } },
  { what: "the subject after another claim", change: { sub: `actor:x:repo:acme/app:ref:${MAIN}` } },
  { what: "a claim after the subject", change: { sub: `repo:acme/app:ref:${MAIN}:actor:x` } },
])("a customised subject of $what is not the plain one", (attack) => expectDenied(GITHUB, attack));

// attack 58
describe("GitHub's subject with ids", () => {
  const WITH_IDS = { sub: `repo:acme@42/app@4711:ref:${MAIN}` };

  it.each<Attack>([
    { what: "of another owner", change: { sub: `repo:acme@43/app@4711:ref:${MAIN}` } },
    { what: "of another repository", change: { sub: `repo:acme@42/app@4712:ref:${MAIN}` } },
    { what: "without the claims to hold it against", change: { ...WITH_IDS, repository_id: undefined } },
    { what: "that its claims contradict", change: { ...WITH_IDS, repository_owner_id: "43" } },
    { what: "of a name that only looks like it", change: { sub: `repo:acme@42-evil/app@4711:ref:${MAIN}` } },
  ])("$what is nobody's", (attack) => expectDenied(GITHUB, attack));

  it("that agrees with its claims is the same repository", () =>
    expectDenied(
      { ...GITHUB, claims: { ...GITHUB.claims, ...WITH_IDS } },
      { what: "", change: { sub: "x" } },
    ));
});

// attack 59
it("a subject that a Buildkite job chose is not the claim that a rule names", () => {
  const [organization, pipeline] = [
    "0184990a-477b-4fa8-9968-496074483cee",
    "0184990a-4782-42b5-afc1-16715b10b8ff",
  ];
  const rule = {
    subject: "organization:acme:**",
    claims: { organization_id: [organization], pipeline_id: [pipeline] },
  };
  const claims = {
    sub: "organization:acme:pipeline:app:ref:main",
    organization_id: organization,
    pipeline_id: pipeline,
  };
  const change = { sub: pipeline, pipeline_id: undefined };
  return expectDenied({ profile: "buildkite", rule, claims }, { what: "", change });
});

// attack 60
it.each<Attack>([
  { what: "of a ref", change: { sub: `repo:acme/app:environment:x:ref:${MAIN}` } },
  { what: "of a ref, percent-encoded", change: { sub: `repo:acme/app:environment:x%3Aref:${MAIN}` } },
  { what: "of another repository before it", change: { sub: `repo:evil/x:repo:acme/app:ref:${MAIN}` } },
])("an environment with the name $what is not that", (attack) =>
  expectDenied({ ...GITHUB, rule: { ...GITHUB.rule, subject: `repo:acme/*:ref:${MAIN}` } }, attack),
);

// attack 61
describe("a job that an outsider starts", () => {
  it.each<Attack>(
    ["pull_request", "pull_request_target", "workflow_run", "issue_comment", "issues", "fork"].map(
      (event_name) => ({ what: event_name, change: { event_name } }),
    ),
  )("by $what at GitHub is denied", (attack) => expectDenied(GITHUB_ANY, attack));

  it("on a pull request's ref at GitHub is denied", () =>
    expectDenied(GITHUB_ANY, {
      what: "",
      change: { ref: "refs/pull/7/merge", sub: "repo:acme/app:pull_request" },
    }));

  it.each<Attack>([
    { what: "a merge request", change: { pipeline_source: "merge_request_event" } },
    { what: "a pull request from outside", change: { pipeline_source: "external_pull_request_event" } },
    { what: "a fork's job in the target project", change: { project_id: "8" } },
    { what: "a person who logged in", change: { job_id: undefined } },
  ])("by $what at GitLab is denied", (attack) =>
    expectDenied(
      {
        profile: "gitlab",
        rule: { subject: "project_path:**", claims: { job_project_id: ["7"] } },
        claims: {
          sub: "project_path:acme/app:ref_type:branch:ref:main",
          project_id: "7",
          job_project_id: "7",
          job_id: "1",
          pipeline_source: "push",
        },
      },
      attack,
    ),
  );
});

// attack 62
it.each<Attack>([
  { what: "its number", change: { pr: "7" } },
  { what: "its type of ref", change: { ref_type: "pull-request" } },
])("a pull request at Semaphore, known by $what, is not its target branch", (attack) =>
  expectDenied(
    {
      profile: "semaphore",
      rule: { subject: "org:acme:**", claims: { prj_id: ["p-1"], branch: ["main"] } },
      claims: {
        sub: "org:acme:project:p-1:repo:app",
        prj_id: "p-1",
        branch: "main",
        ref_type: "branch",
        job_type: "pipeline_job",
      },
    },
    attack,
  ),
);

const WORKFLOW = "acme/ci/.github/workflows/release.yml@refs/heads/main";

// attack 63
it.each<Attack>([
  {
    what: "another repository",
    change: { repository: "evil/x", repository_id: "666", sub: `repo:evil/x:ref:${MAIN}` },
  },
  { what: "another repository under our name", change: { repository_id: "666" } },
  {
    what: "our repository, by another workflow",
    change: { job_workflow_ref: "evil/ci/.github/workflows/release.yml@refs/heads/main" },
  },
])("a trusted workflow called from $what is denied", (attack) =>
  expectDenied(
    {
      ...GITHUB,
      rule: { ...GITHUB.rule, claims: { repository_id: ["4711"], job_workflow_ref: [WORKFLOW] } },
      claims: { ...GITHUB.claims, job_workflow_ref: WORKFLOW },
    },
    attack,
  ),
);

// attack 64
it.each<Attack>([
  {
    what: "in the branch",
    change: { job_workflow_ref: "acme/ci/.github/workflows/release.yml@refs/heads/x@refs/heads/main" },
  },
  {
    what: "in the file",
    change: { job_workflow_ref: "acme/ci/.github/workflows/a@refs/heads/main@refs/heads/x" },
  },
  {
    what: "in the file, before a branch of ours",
    change: { job_workflow_ref: "acme/ci/.github/workflows/sub/a.yml@refs/heads/main" },
  },
  { what: "and more behind it", change: { job_workflow_ref: `${WORKFLOW}@x` } },
])("a workflow_ref with an @ $what is no other than it says", (attack) =>
  expectDenied(
    {
      ...GITHUB,
      rule: { ...GITHUB.rule, claims: { job_workflow_ref: ["acme/ci/.github/workflows/*@refs/heads/main"] } },
      claims: { ...GITHUB.claims, job_workflow_ref: WORKFLOW },
    },
    attack,
  ),
);

// attack 65
it.each<Attack>([
  { what: "is self-hosted", change: { runner_environment: "self-hosted" } },
  { what: "is not told", change: { runner_environment: undefined } },
])("a runner that $what is not a hosted one", (attack) =>
  expectDenied(
    {
      ...GITHUB,
      rule: { ...GITHUB.rule, claims: { repository_id: ["4711"], runner_environment: ["github-hosted"] } },
      claims: { ...GITHUB.claims, runner_environment: "github-hosted" },
    },
    attack,
  ),
);

// attack 65
it.each<Attack>(
  [true, "true"].map((value) => ({
    what: `${typeof value}`,
    change: { "oidc.circleci.com/ssh-rerun": value },
  })),
)("a CircleCI job that was re-run to log in to it is denied ($what)", (attack) =>
  expectDenied(
    {
      profile: "circleci",
      rule: { subject: "org/o-1/project/p-1/**", claims: { "oidc.circleci.com/project-id": ["p-1"] } },
      claims: {
        sub: "org/o-1/project/p-1/user/u-1",
        "oidc.circleci.com/project-id": "p-1",
        "oidc.circleci.com/ssh-rerun": false,
      },
    },
    attack,
  ),
);

// attack 67
it.each<Attack>([
  { what: "an organization's name", change: { repository_owner_id: "43" } },
  { what: "a repository's name", change: { repository_id: "4712" } },
  { what: "a name, from a time without ids", change: { repository_id: undefined } },
])("who took $what after another is not the other", (attack) => expectDenied(GITHUB, attack));
