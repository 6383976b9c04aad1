import { stringClaim } from "../claims.ts";
import type { Profile } from "./profile.ts";
import { plainSubject } from "./subject.ts";

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
    { claim: "terraform_organization_name", id: "terraform_organization_id" },
  ],
  recyclable: [
    { claim: "sub", id: "terraform_organization_id" },
    { claim: "terraform_organization_name", id: "terraform_organization_id" },
    { claim: "terraform_project_name", id: "terraform_project_id" },
    { claim: "terraform_workspace_name", id: "terraform_workspace_id" },
  ],
  chosenByJob: ["terraform_full_workspace", "terraform_run_id", "terraform_run_phase"],
  subjectCanBeCustomised: false,
  tenantOfSubject: (fixedPrefix) => (/^organization:[^:]+:/.test(fixedPrefix) ? "name" : "none"),
  subjectSpellings: plainSubject,
  denials: [
    {
      claim: "terraform_run_phase",
      denies: (claims) => stringClaim(claims, "terraform_run_phase") !== "apply",
      what: "a run that is not an apply: a plan runs what a pull request proposes",
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
