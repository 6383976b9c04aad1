import { stringClaim } from "../claims.ts";
import type { Profile } from "./profile.ts";
import { plainSubject } from "./subject.ts";

const PHASE = "terraform_run_phase";

/** HCP Terraform: one issuer for all; Terraform Enterprise says `profile: hcp-terraform`. */
export const hcpTerraform: Profile = {
  name: "hcp-terraform",
  recognises: (url) => url === "https://app.terraform.io",
  isShared: (url) => url === "https://app.terraform.io",
  // As long as the run's phase may take.
  defaults: { algorithms: ["RS256"], replay: "jti", maxLifetimeSeconds: 86_400 },
  tenants: [
    { claim: "terraform_organization_id" },
    { claim: "terraform_project_id" },
    { claim: "terraform_workspace_id" },
    { claim: "terraform_stack_id" },
    { claim: "terraform_organization_name", id: "terraform_organization_id" },
  ],
  recyclable: [
    { claim: "sub", id: "terraform_organization_id" },
    { claim: "terraform_organization_name", id: "terraform_organization_id" },
    { claim: "terraform_project_name", id: "terraform_project_id" },
    { claim: "terraform_workspace_name", id: "terraform_workspace_id" },
    { claim: "terraform_full_workspace", id: "terraform_workspace_id" },
    { claim: "terraform_stack_name", id: "terraform_stack_id" },
  ],
  chosenByJob: [
    "terraform_operation",
    "terraform_run_id",
    "terraform_run_phase",
    "terraform_stack_deployment_name",
  ],
  subjectCanBeCustomised: false,
  tenantOfSubject: (fixedPrefix) => (/^organization:[^:]+:/.test(fixedPrefix) ? "name" : "none"),
  subjectSpellings: plainSubject,
  denials: [
    {
      claim: PHASE,
      denies: (claims) => claims.has(PHASE) && stringClaim(claims, PHASE) !== "apply",
      what: "a run that is not an apply: a plan runs what a pull request proposes",
    },
    {
      // Stacks and module tests have no phase.
      claim: "terraform_operation",
      denies: (claims) => !claims.has(PHASE) && stringClaim(claims, "terraform_operation") !== "apply",
      what: "an operation that is not an apply, as the test of a module",
    },
  ],
  provenance: [
    "terraform_full_workspace",
    "terraform_organization_id",
    "terraform_workspace_id",
    "terraform_run_id",
  ],
  variables: { workspace_name: { claim: "terraform_workspace_name", take: "whole" } },
};
