import { it } from "vitest";
import { describeProfile, type ProfileRow, rowCheck } from "../../../../test/support/profile-table.ts";
import { circleci } from "./circleci.ts";

const ORG = "11111111-2222-4333-8444-555566667777";
const PROJECT = "22222222-3333-4444-8555-666677778888";
const PROJECT_ID = "oidc.circleci.com/project-id";
const SSH_RERUN = "oidc.circleci.com/ssh-rerun";
const VCS_REF = "oidc.circleci.com/vcs-ref";
const SSH = "denied: a job that somebody re-ran to log in to it";

/** Version 2 of the token, by CircleCI's documentation. */
const TOKEN = {
  iss: `https://oidc.circleci.com/org/${ORG}`,
  sub: `org/${ORG}/project/${PROJECT}/user/33333333-4444-4555-8666-777788889999/vcs-origin/github.com/acme/app/vcs-ref/refs/heads/main`,
  "oidc.circleci.com/org-id": ORG,
  [PROJECT_ID]: PROJECT,
  "oidc.circleci.com/context-ids": ["44444444-5555-4666-8777-888899990000"],
  "oidc.circleci.com/job-id": "55555555-6666-4777-8888-999900001111",
  "oidc.circleci.com/pipeline-definition-id": "66666666-7777-4888-8999-000011112222",
  "oidc.circleci.com/pipeline-id": "77777777-8888-4999-8000-111122223333",
  "oidc.circleci.com/workflow-id": "88888888-9999-4000-8111-222233334444",
  [SSH_RERUN]: false,
  "oidc.circleci.com/vcs-origin": "github.com/acme/app",
  [VCS_REF]: "refs/heads/main",
};
const CLAIMS = {
  [PROJECT_ID]: [PROJECT],
  "oidc.circleci.com/vcs-origin": ["github.com/acme/app"],
  [VCS_REF]: ["refs/heads/main"],
};

const BASE = {
  profile: circleci,
  token: TOKEN,
  rule: { subject: `org/${ORG}/project/${PROJECT}/**`, claims: CLAIMS },
};

describeProfile({
  ...BASE,
  rows: [
    {
      job: "the repository's name in another project",
      token: { [PROJECT_ID]: "99999999-3333-4444-8555-666677778888" },
      outcome: `claim ${PROJECT_ID}`,
    },
    {
      job: "another organization",
      token: { sub: "org/99999999-2222-4333-8444-555566667777/project/x/user/y" },
      outcome: "subject",
    },
    {
      job: "another organization's issuer",
      token: { iss: "https://oidc.circleci.com/org/99999999-2222-4333-8444-555566667777" },
      outcome: "issuer",
    },
    {
      job: "a fork's repository",
      token: { "oidc.circleci.com/vcs-origin": "github.com/evil/app" },
      outcome: "claim oidc.circleci.com/vcs-origin",
    },
    {
      job: "a custom webhook, which has no ref",
      token: { [VCS_REF]: undefined },
      outcome: `claim ${VCS_REF}`,
    },
    {
      job: "version 1, whose subject ends with the user",
      token: { sub: `org/${ORG}/project/${PROJECT}/user/33333333-4444-4555-8666-777788889999` },
      outcome: "matches",
    },
    {
      job: "a context, which is a list",
      rule: { claims: { "oidc.circleci.com/context-ids": ["44444444-5555-4666-8777-888899990000"] } },
      outcome: "claim oidc.circleci.com/context-ids",
    },
  ],
  tenants: {
    [`org/${ORG}/`]: "id",
    [`org/${ORG}/project/${PROJECT}/`]: "id",
    [`org/${ORG}`]: "none",
    [`x/org/${ORG}/`]: "none",
    "org/": "none",
    "": "none",
  },
  issuers: {
    "https://oidc.circleci.com": "shared",
    [`https://oidc.circleci.com/org/${ORG}`]: "own",
    "https://oidc.circleci.com.evil.example": "other",
    [`https://evil.example/https://oidc.circleci.com/org/${ORG}`]: "other",
    "https://circleci.com/org/acme": "other",
  },
});

// attack 65
it.each<ProfileRow>([
  { job: "a re-run with SSH", token: { [SSH_RERUN]: true }, outcome: SSH },
  { job: "a re-run with SSH, by name", token: { [SSH_RERUN]: "true" }, outcome: SSH },
  { job: "a re-run in a list", token: { [SSH_RERUN]: [false] }, outcome: SSH },
  { job: "a re-run that is null", token: { [SSH_RERUN]: null }, outcome: SSH },
  {
    job: "a re-run with SSH, asked for",
    token: { [SSH_RERUN]: true },
    rule: { claims: { ...CLAIMS, [SSH_RERUN]: ["true"] } },
    outcome: "matches",
  },
  { job: "no word of a re-run", token: { [SSH_RERUN]: undefined }, outcome: "matches" },
  {
    job: "no word of a re-run, where the rule wants none",
    token: { [SSH_RERUN]: undefined },
    rule: { claims: { [SSH_RERUN]: ["false"] } },
    outcome: `claim ${SSH_RERUN}`,
  },
])("a re-run, $job: $outcome", rowCheck(BASE));
