import { err, ok } from "../../domain/result.ts";
import type { ClientEnvironment } from "../client-environment.ts";
import { clientProblem } from "../client-problem.ts";
import { type JobPlatform, variable } from "./job-platform.ts";
import { requestToken } from "./token-request.ts";

/** The claims that a safe rule names, and that are in the token only when they are asked for. */
const CLAIMS = ["organization_id", "pipeline_id"];
const LIFETIME_SECONDS = 300;
const MEND = "The agent must be 3.48 or later, and the job still run.";

/** Buildkite: by the agent's command, or where that is not in the container, by its interface. */
export const buildkite: JobPlatform = {
  name: "buildkite",
  title: "Buildkite",
  recognisedBy: "BUILDKITE",
  recognises: (environment) => variable(environment, "BUILDKITE") === "true",
  obtain: async (environment, audience) => {
    const printed = await environment.run("buildkite-agent", [
      ...["oidc", "request-token", "--audience", audience],
      ...["--lifetime", String(LIFETIME_SECONDS), "--claim", CLAIMS.join(",")],
    ]);
    if (printed.ok) {
      return ok({
        token: printed.value.trim(),
        renewable: true,
        source: "buildkite-agent oidc request-token",
      });
    }
    if (printed.error === "missing") {
      return requestFromAgentApi(environment, audience) ?? err(clientProblem("buildkite_agent_missing", {}));
    }
    const command = "`buildkite-agent oidc request-token`";
    const facts = { platform: "Buildkite", command, fault: printed.error, mend: MEND };
    return err(clientProblem("identity_command_failed", facts));
  },
  otherAudience: (audience) => `Ask with: buildkite-agent oidc request-token --audience ${audience}`,
  anotherToken: "Buildkite gives a job as many tokens as it asks for: run the login again.",
};

/** What the agent's command itself asks; undefined where the container was not given the agent's token. */
function requestFromAgentApi(environment: ClientEnvironment, audience: string) {
  const bearer = variable(environment, "BUILDKITE_AGENT_ACCESS_TOKEN");
  const job = variable(environment, "BUILDKITE_JOB_ID");
  if (bearer === undefined || job === undefined) return undefined;
  const endpoint = variable(environment, "BUILDKITE_AGENT_ENDPOINT") ?? "https://agent.buildkite.com/v3";
  return requestToken(environment, {
    platform: "Buildkite",
    method: "POST",
    url: `${endpoint.replace(/\/+$/, "")}/jobs/${encodeURIComponent(job)}/oidc/tokens`,
    headers: { authorization: `Token ${bearer}`, "content-type": "application/json" },
    body: JSON.stringify({ audience, lifetime: LIFETIME_SECONDS, claims: CLAIMS }),
    member: "token",
    mend: MEND,
  });
}
