import { stringClaim } from "../../domain/identity/claims.ts";
import { isJsonObject, type JsonValue, parseStrictJson } from "../../domain/identity/strict-json.ts";
import { err } from "../../domain/result.ts";
import type { ClientEnvironment } from "../client-environment.ts";
import { clientProblem } from "../client-problem.ts";
import { type JobPlatform, variable } from "./job-platform.ts";
import { requestToken, withParameter } from "./token-request.ts";

/** GitHub Actions. What took over its interface goes before it in the list. */
export const github: JobPlatform = {
  name: "github",
  title: "GitHub Actions",
  recognisedBy: "GITHUB_ACTIONS",
  recognises: (environment) => variable(environment, "GITHUB_ACTIONS") === "true",
  obtain: async (environment, audience) => {
    const asked = requestActionsToken(environment, audience, "GitHub Actions");
    if (asked !== undefined) return asked;
    const fork = await forkOfPullRequest(environment);
    return err(
      fork === undefined
        ? clientProblem("github_permission_missing", {})
        : clientProblem("github_fork_pull_request", { fork }),
    );
  },
  otherAudience: () =>
    "The client asks GitHub for Berth's audience by itself: give it no token of your own making.",
  anotherToken: "GitHub gives a job as many tokens as it asks for: run the login again.",
};

/** The request of GitHub Actions and its likes; undefined where the job may not ask. */
export function requestActionsToken(environment: ClientEnvironment, audience: string, platform: string) {
  const url = variable(environment, "ACTIONS_ID_TOKEN_REQUEST_URL");
  const bearer = variable(environment, "ACTIONS_ID_TOKEN_REQUEST_TOKEN");
  if (url === undefined || bearer === undefined || !URL.canParse(url)) return undefined;
  return requestToken(environment, {
    platform,
    method: "GET",
    // The URL has a query already.
    url: withParameter(url, "audience", audience),
    headers: { authorization: `bearer ${bearer}`, accept: "application/json" },
    member: "value",
    mend: "The runner's right to ask ends with the job. If the job still runs, see whether the platform has an outage.",
  });
}

/** The fork that the pull request is of, by the event's file. */
async function forkOfPullRequest(environment: ClientEnvironment): Promise<string | undefined> {
  if (variable(environment, "GITHUB_EVENT_NAME") !== "pull_request") return undefined;
  const read = await environment.readFile(variable(environment, "GITHUB_EVENT_PATH") ?? "");
  const event = read.ok ? parseStrictJson(read.value) : undefined;
  const head = ["pull_request", "head", "repo"].reduce<JsonValue | undefined>(
    (value, name) => (isJsonObject(value) ? value.get(name) : undefined),
    event,
  );
  const name = isJsonObject(head) ? stringClaim(head, "full_name") : undefined;
  return name === variable(environment, "GITHUB_REPOSITORY") ? undefined : name;
}
