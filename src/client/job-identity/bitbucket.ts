import { clientProblem } from "../client-problem.ts";
import { fromVariable, type JobPlatform, variable } from "./job-platform.ts";

/** Bitbucket Pipelines: one token for each step that asks for it in its configuration. */
export const bitbucket: JobPlatform = {
  name: "bitbucket",
  title: "Bitbucket Pipelines",
  recognisedBy: "BITBUCKET_BUILD_NUMBER",
  recognises: (environment) => variable(environment, "BITBUCKET_BUILD_NUMBER") !== undefined,
  obtain: fromVariable(["BITBUCKET_STEP_OIDC_TOKEN"], (audience) =>
    clientProblem("bitbucket_oidc_missing", { audience }),
  ),
  otherAudience: (audience) => `On the step:\n  oidc:\n    audiences:\n      - ${audience}`,
  anotherToken: "A step has one token: log in once in it, for all registries, or use another step.",
};
