import { err, ok } from "../../domain/result.ts";
import { clientProblem } from "../client-problem.ts";
import { type JobPlatform, tokenInVariable, variable } from "./job-platform.ts";

/** CircleCI: its command in the job asks for an audience; the variables hold tokens for the organization's id. */
export const circleci: JobPlatform = {
  name: "circleci",
  title: "CircleCI",
  recognisedBy: "CIRCLECI",
  recognises: (environment) => variable(environment, "CIRCLECI") === "true",
  obtain: async (environment, audience) => {
    const claims = JSON.stringify({ aud: audience });
    const printed = await environment.run("circleci", ["run", "oidc", "get", "--claims", claims]);
    const token = printed.ok ? printed.value.trim() : "";
    if (token !== "") return ok({ token, renewable: true, source: "circleci run oidc get" });
    // The command may be there, and a fork's build have no right to ask; then there are no variables either.
    const found = tokenInVariable(environment, ["CIRCLE_OIDC_TOKEN_V2", "CIRCLE_OIDC_TOKEN"]);
    return found === undefined ? err(clientProblem("circleci_token_missing", {})) : ok(found);
  },
  otherAudience: (audience) =>
    `The \`circleci\` command was not there, or failed, so that the job's own variable was taken. Put it on PATH, or ask yourself:\n  export BERTH_IDENTITY_TOKEN=$(circleci run oidc get --claims '{"aud":"${audience}"}')`,
  anotherToken:
    "Put the `circleci` command on PATH, which gives a token as often as it is asked; without it a job has one.",
};
