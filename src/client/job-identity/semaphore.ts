import { clientProblem } from "../client-problem.ts";
import { fromVariable, type JobPlatform, variable } from "./job-platform.ts";

/** Semaphore: one token a job, whose audience is its issuer. */
export const semaphore: JobPlatform = {
  name: "semaphore",
  title: "Semaphore",
  recognisedBy: "SEMAPHORE",
  recognises: (environment) => variable(environment, "SEMAPHORE") === "true",
  obtain: fromVariable(["SEMAPHORE_OIDC_TOKEN"], () => clientProblem("semaphore_token_missing", {})),
  audienceIsFixed: true,
  otherAudience: () => "Semaphore knows no other audience.",
  anotherToken: "A job has one token: log in once in it, for all registries.",
};
