import { clientProblem } from "../client-problem.ts";
import { fromVariable, type JobPlatform, variable } from "./job-platform.ts";

/** Vercel: a build has one token, for Vercel itself; its own package trades that for one for another audience. */
export const vercel: JobPlatform = {
  name: "vercel",
  title: "Vercel",
  recognisedBy: "VERCEL",
  recognises: (environment) => variable(environment, "VERCEL") === "1",
  obtain: fromVariable(["VERCEL_OIDC_TOKEN"], () => clientProblem("vercel_token_missing", {})),
  otherAudience: (audience) =>
    `VERCEL_OIDC_TOKEN is for Vercel alone. Its package @vercel/oidc (4 or later) gives another, which --identity-token-file - reads from standard input:\n  process.stdout.write(await getVercelOidcToken({ audience: "${audience}" }));`,
  anotherToken: "A build has one token: log in once in it, for all registries.",
};
