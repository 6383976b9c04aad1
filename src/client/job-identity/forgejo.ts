import { err } from "../../domain/result.ts";
import { clientProblem } from "../client-problem.ts";
import { requestActionsToken } from "./github.ts";
import { type JobPlatform, variable } from "./job-platform.ts";

/** Forgejo Actions, and Gitea's should it give tokens one day. Both call themselves GITHUB_ACTIONS as well. */
export const forgejo: JobPlatform = {
  name: "forgejo",
  title: "Forgejo Actions",
  recognisedBy: "FORGEJO_ACTIONS, GITEA_ACTIONS",
  recognises: (environment) =>
    ["FORGEJO_ACTIONS", "GITEA_ACTIONS"].some((name) => variable(environment, name) === "true"),
  obtain: async (environment, audience) =>
    requestActionsToken(environment, audience, "Forgejo Actions") ??
    err(clientProblem("forgejo_openid_missing", {})),
  otherAudience: () =>
    "The client asks Forgejo for Berth's audience by itself: give it no token of your own making.",
  anotherToken: "Forgejo gives a job as many tokens as it asks for: run the login again.",
};
