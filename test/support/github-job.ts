import { github } from "../../src/domain/identity/profiles/github.ts";

export const WORKFLOW = "acme/app/.github/workflows/release.yml@refs/heads/main";

/** A push to main, by GitHub's reference and tokens that people have published. */
const TOKEN = {
  iss: "https://token.actions.githubusercontent.com",
  sub: "repo:acme/app:ref:refs/heads/main",
  jti: "0f3b7a52-5d0f-4cf5-bb1c-7f4a3d1d2c11",
  repository: "acme/app",
  repository_id: "4711",
  repository_owner: "acme",
  repository_owner_id: "42",
  repository_visibility: "private",
  ref: "refs/heads/main",
  ref_type: "branch",
  ref_protected: "true",
  sha: "0123456789abcdef0123456789abcdef01234567",
  head_ref: "",
  base_ref: "",
  event_name: "push",
  actor: "octocat",
  actor_id: "583231",
  workflow: "release",
  workflow_ref: WORKFLOW,
  workflow_sha: "0123456789abcdef0123456789abcdef01234567",
  job_workflow_ref: WORKFLOW,
  job_workflow_sha: "0123456789abcdef0123456789abcdef01234567",
  run_id: "9876543210",
  run_number: "12",
  run_attempt: "1",
  runner_environment: "github-hosted",
};

export const IDS = { repository_id: ["4711"], repository_owner_id: ["42"] };

/** A push to main, and a rule that lets it in. */
export const PUSH = { profile: github, token: TOKEN, rule: { subject: TOKEN.sub, claims: IDS } };
