import { installAgentCommand } from "./agent-command.ts";
import type { SignToken, SimulatedPlatform } from "./simulated-platform.ts";
import { json, TokenEndpoint } from "./token-endpoint.ts";

const BEARER = "agent-access-token";
const JOB = "0184990a-477b-4fa8-9968-496074483cee";

/** Buildkite's agent: its command and the interface that the command itself asks. */
export async function startBuildkite(
  sign: SignToken,
  { hasCommand = true }: { readonly hasCommand?: boolean } = {},
): Promise<SimulatedPlatform> {
  const endpoint = await TokenEndpoint.start(async ({ method, url, headers, body }) => {
    if (method !== "POST" || url !== `/v3/jobs/${JOB}/oidc/tokens`) return json(404, {});
    if (headers.authorization !== `Token ${BEARER}`) return json(401, {});
    const { audience, lifetime, claims } = JSON.parse(body) as Record<string, unknown>;
    const asksForIds = String(claims) === "organization_id,pipeline_id";
    return lifetime === 300 && asksForIds
      ? json(200, { token: await sign(String(audience)) })
      : json(422, { message: "the test wants the ids" });
  });
  const environment = {
    BUILDKITE: "true",
    BUILDKITE_JOB_ID: JOB,
    BUILDKITE_AGENT_ENDPOINT: `${endpoint.origin}/v3`,
    BUILDKITE_AGENT_ACCESS_TOKEN: BEARER,
  };
  const command = hasCommand ? installAgentCommand("buildkite-agent", requestToken) : undefined;
  return {
    requests: endpoint.requests,
    variables: { ...environment, PATH: command?.path ?? "/nowhere" },
    close: async () => {
      command?.remove();
      await endpoint.close();
    },
  };
}

const requestToken = `
const option = (name) => args[args.indexOf(name) + 1];
if (args.slice(0, 2).join(" ") !== "oidc request-token") process.exit(2);
const { BUILDKITE_AGENT_ENDPOINT: api, BUILDKITE_JOB_ID: job, BUILDKITE_AGENT_ACCESS_TOKEN: token } = process.env;
const answer = await fetch(api + "/jobs/" + job + "/oidc/tokens", {
  method: "POST",
  headers: { authorization: "Token " + token },
  body: JSON.stringify({
    audience: option("--audience"),
    lifetime: Number(option("--lifetime")),
    claims: option("--claim").split(","),
  }),
});
if (!answer.ok) process.exit(1);
console.log((await answer.json()).token);`;
