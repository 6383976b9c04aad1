import { describeProfile } from "../../../../test/support/profile-table.ts";
import { azureDevops } from "./azure-devops.ts";

const ORG = "0ca3ddd9-f0b0-4635-a98c-000000000001";
const PROJECT = "271ef6f7-5998-4b0f-86fb-000000000002";
const CONNECTION = "denied: a token of a service connection, which is not a pipeline's";
const PULL_REQUEST = "denied: a run for a pull request";

/** A pipeline's token, as others have published one. */
const TOKEN = {
  iss: `https://vstoken.dev.azure.com/${ORG}`,
  sub: "p://acme/payments/app",
  aud: "api://AzureADTokenExchange",
  jti: "90b75b0a-61b6-4b71-ba6f-11107d95f4c5",
  nbf: 1_789_999_400,
  org_id: ORG,
  prj_id: PROJECT,
  def_id: "1",
  rpo_id: "acme/app",
  rpo_uri: "https://github.com/acme/app.git",
  rpo_ver: "0123456789abcdef0123456789abcdef01234567",
  rpo_ref: "refs/heads/main",
  run_id: "5",
};
const CLAIMS = {
  prj_id: [PROJECT],
  def_id: ["1"],
  rpo_uri: ["https://github.com/acme/app.git"],
  rpo_ref: ["refs/heads/main"],
};
const { rpo_ref: _, ...ANY_REF } = CLAIMS;

describeProfile({
  profile: azureDevops,
  token: TOKEN,
  rule: { subject: TOKEN.sub, claims: CLAIMS },
  rows: [
    {
      job: "the name with a new project",
      token: { prj_id: "ffffffff-5998-4b0f-86fb-000000000002" },
      outcome: "claim prj_id",
    },
    { job: "the name with a new pipeline", token: { def_id: "2" }, outcome: "claim def_id" },
    {
      job: "the pipeline's number in another project",
      token: { sub: "p://acme/other/app", prj_id: "ffffffff-5998-4b0f-86fb-000000000002" },
      rule: { subject: "p://acme/**" },
      outcome: "claim prj_id",
    },
    {
      job: "any pipeline of the project",
      rule: { subject: "p://acme/payments/*" },
      outcome: "matches",
    },
    {
      job: "another organization",
      token: { iss: "https://vstoken.dev.azure.com/ffffffff-f0b0-4635-a98c-000000000001" },
      outcome: "issuer",
    },
    { job: "another organization's name", token: { sub: "p://acme-evil/payments/app" }, outcome: "subject" },
    {
      job: "the pipeline on another repository",
      token: { rpo_uri: "https://github.com/evil/app.git" },
      outcome: "claim rpo_uri",
    },
    { job: "another branch", token: { rpo_ref: "refs/heads/dev" }, outcome: "claim rpo_ref" },

    {
      job: "a pull request",
      token: { rpo_ref: "refs/pull/7/merge" },
      rule: { claims: ANY_REF },
      outcome: PULL_REQUEST,
    },
    {
      job: "a pull request, asked for",
      token: { rpo_ref: "refs/pull/7/merge" },
      rule: { claims: { ...ANY_REF, rpo_ref: ["refs/pull/*/merge"] } },
      outcome: "matches",
    },
    {
      job: "a ref in a list",
      token: { rpo_ref: ["refs/heads/main"] },
      rule: { claims: ANY_REF },
      outcome: PULL_REQUEST,
    },
    {
      job: "any branch",
      token: { rpo_ref: "refs/heads/dev" },
      rule: { claims: ANY_REF },
      outcome: "matches",
    },
    {
      job: "a service connection, under a pattern",
      token: { sub: "sc://acme/payments/azure" },
      rule: { subject: "**", claims: {} },
      outcome: CONNECTION,
    },
    {
      job: "a service connection, asked for",
      token: { sub: "sc://acme/payments/azure" },
      rule: { subject: "sc://acme/payments/azure", claims: {} },
      outcome: "matches",
    },
  ],
  tenants: {
    "p://acme/payments/": "name",
    "p://acme/payments": "none",
    "p://acme/": "none",
    "x:p://acme/payments/": "none",
    "": "none",
  },
  issuers: {
    [TOKEN.iss]: "own",
    [`https://evil.example/${TOKEN.iss}`]: "other",
    [`${TOKEN.iss}/x`]: "other",
    [`${TOKEN.iss}0`]: "other",
    "https://vstoken.dev.azure.com/": "other",
    // Entra signs for everything: no family of its own.
    "https://login.microsoftonline.com/0ca3ddd9-f0b0-4635-a98c-000000000001/v2.0": "other",
  },
});
