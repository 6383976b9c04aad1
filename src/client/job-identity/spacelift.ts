import { err, ok } from "../../domain/result.ts";
import type { ClientEnvironment } from "../client-environment.ts";
import { clientProblem } from "../client-problem.ts";
import { type JobPlatform, tokenInVariable, variable } from "./job-platform.ts";

const FILE = "/mnt/workspace/spacelift.oidc";
const VARIABLES = ["SPACELIFT_OIDC_TOKEN", "TF_VAR_spacelift_run_id"];

/** Spacelift: one token a run, for the account's host. */
export const spacelift: JobPlatform = {
  name: "spacelift",
  title: "Spacelift",
  recognisedBy: `SPACELIFT_OIDC_TOKEN, ${FILE}`,
  recognises: async (environment) =>
    VARIABLES.some((name) => variable(environment, name) !== undefined) ||
    (await fileToken(environment)) !== undefined,
  obtain: async (environment) => {
    const found = tokenInVariable(environment, ["SPACELIFT_OIDC_TOKEN"]) ?? (await fileToken(environment));
    return found === undefined ? err(clientProblem("spacelift_token_missing", { file: FILE })) : ok(found);
  },
  audienceIsFixed: true,
  otherAudience: () => "Spacelift knows no other audience.",
  anotherToken: "A run has one token: log in once in it, for all registries.",
};

async function fileToken(environment: ClientEnvironment) {
  const read = await environment.readFile(FILE);
  return read.ok ? { token: read.value.trim(), renewable: false, source: FILE } : undefined;
}
