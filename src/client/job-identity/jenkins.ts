import { err } from "../../domain/result.ts";
import { clientProblem } from "../client-problem.ts";
import { type JobPlatform, variable } from "./job-platform.ts";

/**
 * Jenkins: a build's token has no name of its own. `withCredentials` binds it to BERTH_IDENTITY_TOKEN, which is found
 * before this; so who gets here has bound none.
 */
export const jenkins: JobPlatform = {
  name: "jenkins",
  title: "Jenkins",
  recognisedBy: "JENKINS_URL",
  recognises: (environment) => variable(environment, "JENKINS_URL") !== undefined,
  obtain: async (_, audience) => err(clientProblem("jenkins_binding_missing", { audience })),
  otherAudience: (audience) => `Give the credential in Jenkins the audience ${audience}.`,
  anotherToken: "Each `withCredentials` block gets a new token: put each login into one of its own.",
};
