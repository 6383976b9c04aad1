import { describeProfile } from "../../../../test/support/profile-table.ts";
import { hcpTerraform } from "./hcp-terraform.ts";

const NOT_APPLY = "denied: a run that is not an apply: a plan runs what a pull request proposes";
const NOT_APPLIED = "denied: an operation that is not an apply, as the test of a module";

/** The apply of a workspace, by HashiCorp's documentation. */
const TOKEN = {
  iss: "https://app.terraform.io",
  sub: "organization:acme:project:Default Project:workspace:app:run_phase:apply",
  jti: "1f2e3d4c-5b6a-4798-8899-aabbccddeeff",
  nbf: 1_789_999_995,
  terraform_organization_id: "org-GRNbCjYNpBB6NEBH",
  terraform_organization_name: "acme",
  terraform_project_id: "prj-vegSA59s1XPwMr2t",
  terraform_project_name: "Default Project",
  terraform_workspace_id: "ws-mbsd5E3Ktt5Rg2Xm",
  terraform_workspace_name: "app",
  terraform_full_workspace: "organization:acme:project:Default Project:workspace:app",
  terraform_run_id: "run-X3n1AUXNGWbfECsJ",
  terraform_run_phase: "apply",
};
const CLAIMS = {
  terraform_organization_id: ["org-GRNbCjYNpBB6NEBH"],
  terraform_workspace_id: ["ws-mbsd5E3Ktt5Rg2Xm"],
};
const PLAN = { sub: TOKEN.sub.replace(":apply", ":plan"), terraform_run_phase: "plan" };
const STACK = {
  sub: "organization:acme:project:Default Project:stack:web:deployment:production:operation:apply",
  terraform_workspace_id: undefined,
  terraform_run_phase: undefined,
  terraform_stack_id: "st-1111",
  terraform_operation: "apply",
};
const STACK_RULE = { subject: STACK.sub, claims: { terraform_stack_id: ["st-1111"] } };
const OPEN = { subject: "organization:acme:**" };

describeProfile({
  profile: hcpTerraform,
  token: TOKEN,
  rule: { subject: TOKEN.sub, claims: CLAIMS },
  rows: [
    {
      job: "the name with a new organization",
      token: { terraform_organization_id: "org-XXXXXXXXXXXXXXXX" },
      outcome: "claim terraform_organization_id",
    },
    {
      job: "the name with a new workspace",
      token: { terraform_workspace_id: "ws-XXXXXXXXXXXXXXXX" },
      outcome: "claim terraform_workspace_id",
    },
    {
      job: "another organization",
      token: { sub: TOKEN.sub.replace("acme", "acme-evil") },
      outcome: "subject",
    },
    {
      job: "another workspace",
      token: { sub: TOKEN.sub.replace("workspace:app", "workspace:web") },
      outcome: "subject",
    },

    { job: "a plan", token: PLAN, outcome: "subject" },
    { job: "a plan, under a pattern", token: PLAN, rule: OPEN, outcome: NOT_APPLY },
    {
      job: "a plan, asked for",
      token: PLAN,
      rule: { ...OPEN, claims: { ...CLAIMS, terraform_run_phase: ["plan"] } },
      outcome: "matches",
    },
    { job: "a phase in a list", token: { terraform_run_phase: ["apply"] }, outcome: NOT_APPLY },
    { job: "a phase that is null", token: { terraform_run_phase: null }, outcome: NOT_APPLY },
    {
      job: "neither a phase nor an operation",
      token: { terraform_run_phase: undefined },
      outcome: NOT_APPLIED,
    },

    { job: "a stack's apply", token: STACK, rule: STACK_RULE, outcome: "matches" },
    {
      job: "the name with a new stack",
      token: { ...STACK, terraform_stack_id: "st-2222" },
      rule: STACK_RULE,
      outcome: "claim terraform_stack_id",
    },
    {
      job: "a stack's plan",
      token: { ...STACK, terraform_operation: "plan" },
      rule: STACK_RULE,
      outcome: NOT_APPLIED,
    },
    {
      job: "a stack's plan, asked for",
      token: { ...STACK, terraform_operation: "plan" },
      rule: { ...STACK_RULE, claims: { terraform_operation: ["plan", "apply"] } },
      outcome: "matches",
    },
    {
      job: "the test of a module",
      token: {
        ...STACK,
        sub: "organization:acme:module:net:operation:test_run",
        terraform_operation: "test_run",
      },
      rule: { ...OPEN, claims: {} },
      outcome: NOT_APPLIED,
    },
  ],
  tenants: {
    "organization:acme:": "name",
    "organization:acme": "none",
    "x:organization:acme:": "none",
    "organization:": "none",
    "": "none",
  },
  issuers: {
    "https://app.terraform.io": "shared",
    "https://app.terraform.io/": "other",
    "https://evil.example/https://app.terraform.io": "other",
  },
  declared: ["https://tfe.acme.example"],
});
