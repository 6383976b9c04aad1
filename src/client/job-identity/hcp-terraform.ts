import { clientProblem } from "../client-problem.ts";
import { fromVariable, type JobPlatform, variable } from "./job-platform.ts";

/** By the tag that the workspace's variable has, so that other providers keep theirs. */
const TOKENS = ["TFC_WORKLOAD_IDENTITY_TOKEN_BERTH", "TFC_WORKLOAD_IDENTITY_TOKEN"];

/** HCP Terraform and Terraform Enterprise: a token for each audience that the workspace names. */
export const hcpTerraform: JobPlatform = {
  name: "hcp-terraform",
  title: "HCP Terraform",
  recognisedBy: "TFC_RUN_ID",
  recognises: (environment) =>
    ["TFC_RUN_ID", ...TOKENS].some((name) => variable(environment, name) !== undefined),
  obtain: fromVariable(TOKENS, (audience) => clientProblem("terraform_audience_missing", { audience })),
  otherAudience: (audience) =>
    `Set on the workspace the environment variable\n  TFC_WORKLOAD_IDENTITY_AUDIENCE_BERTH=${audience}`,
  anotherToken: "A run's phase has one token: log in once in it, for all registries.",
};
