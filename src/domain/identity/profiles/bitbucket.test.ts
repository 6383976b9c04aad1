import { describeProfile } from "../../../../test/support/profile-table.ts";
import { bitbucket } from "./bitbucket.ts";

const WORKSPACE = "{44444444-5555-4666-8777-888899990000}";
const REPOSITORY = "{55555555-6666-4777-8888-999900001111}";
const STEP = "{77777777-8888-4999-8000-111122223333}";
const PRODUCTION = "{88888888-9999-4000-8111-222233334444}";
const STAGING = "{99999999-0000-4111-8222-333344445555}";

/** A step that deploys; its branch stands in newer tokens. */
const TOKEN = {
  iss: "https://api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc",
  sub: `${REPOSITORY}:${PRODUCTION}:${STEP}`,
  workspaceUuid: WORKSPACE,
  repositoryUuid: REPOSITORY,
  pipelineUuid: "{66666666-7777-4888-8999-000011112222}",
  stepUuid: STEP,
  deploymentEnvironmentUuid: PRODUCTION,
  branchName: "main",
};
const CLAIMS = {
  workspaceUuid: [WORKSPACE],
  repositoryUuid: [REPOSITORY],
  deploymentEnvironmentUuid: [PRODUCTION],
};

describeProfile({
  profile: bitbucket,
  token: TOKEN,
  rule: { subject: `${REPOSITORY}:**`, claims: CLAIMS },
  rows: [
    // The slug is a name: the workspace that has it now has the issuer's URL, too.
    {
      job: "the slug with a new workspace",
      token: { workspaceUuid: STAGING },
      outcome: "claim workspaceUuid",
    },
    {
      job: "another repository",
      token: { sub: `${STAGING}:${STEP}`, repositoryUuid: STAGING },
      outcome: "subject",
    },
    {
      job: "another repository, under a wide subject",
      token: { repositoryUuid: STAGING },
      rule: { subject: "**" },
      outcome: "claim repositoryUuid",
    },
    {
      job: "another workspace's issuer",
      token: { iss: "https://api.bitbucket.org/2.0/workspaces/evil/pipelines-config/identity/oidc" },
      outcome: "issuer",
    },
    {
      job: "another environment",
      token: { deploymentEnvironmentUuid: STAGING },
      outcome: "claim deploymentEnvironmentUuid",
    },
    {
      job: "no deployment",
      token: { sub: `${REPOSITORY}:${STEP}`, deploymentEnvironmentUuid: undefined },
      outcome: "claim deploymentEnvironmentUuid",
    },
    {
      job: "a uuid without its braces",
      token: { repositoryUuid: REPOSITORY.slice(1, -1) },
      outcome: "claim repositoryUuid",
    },
    {
      job: "a step without a deployment, by branch",
      token: { sub: `${REPOSITORY}:${STEP}`, deploymentEnvironmentUuid: undefined },
      rule: { claims: { repositoryUuid: [REPOSITORY], branchName: ["main"] } },
      outcome: "matches",
    },
  ],
  tenants: {
    [`${REPOSITORY}:`]: "id",
    [REPOSITORY]: "none",
    [`x${REPOSITORY}:`]: "none",
    "{x}:": "none",
    "": "none",
  },
  issuers: {
    "https://api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc": "own",
    "https://api.bitbucket.org.evil.example/2.0/workspaces/acme": "other",
    "https://evil.example/https://api.bitbucket.org/2.0/workspaces/acme": "other",
  },
});
