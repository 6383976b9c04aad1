import { clientProblem } from "../client-problem.ts";
import { fromVariable, type JobPlatform, variable } from "./job-platform.ts";

/** Vercel: a build has one token, for its team. */
export const vercel: JobPlatform = {
  name: "vercel",
  title: "Vercel",
  recognisedBy: "VERCEL",
  recognises: (environment) => variable(environment, "VERCEL") === "1",
  obtain: fromVariable(["VERCEL_OIDC_TOKEN"], () => clientProblem("vercel_token_missing", {})),
  audienceIsFixed: true,
  otherAudience: () => "A build on Vercel knows no other audience.",
  anotherToken: "A build has one token: log in once in it, for all registries.",
};
