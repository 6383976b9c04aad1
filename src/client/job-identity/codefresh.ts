import { clientProblem } from "../client-problem.ts";
import { fromVariable, type JobPlatform, variable } from "./job-platform.ts";

/** Codefresh: a step of its own asks for the token, and hands it to the steps that follow. */
export const codefresh: JobPlatform = {
  name: "codefresh",
  title: "Codefresh",
  recognisedBy: "CF_BUILD_ID",
  recognises: (environment) => variable(environment, "CF_BUILD_ID") !== undefined,
  obtain: fromVariable(["ID_TOKEN"], (audience) => clientProblem("codefresh_step_missing", { audience })),
  otherAudience: (audience) =>
    `On the step that obtains it:\n  type: obtain-oidc-id-token\n  arguments:\n    AUDIENCE: ${audience}`,
  anotherToken: "Run the step `obtain-oidc-id-token` again before each login.",
};
