import type { SignToken, SimulatedPlatform } from "./simulated-platform.ts";
import { json, TokenEndpoint } from "./token-endpoint.ts";

const BEARER = "runner-bearer-of-the-job";

export interface SimulatedActions extends SimulatedPlatform {
  readonly endpoint: TokenEndpoint;
}

/** GitHub Actions' runner: `GET URL&audience=…` with the job's bearer. */
export async function startGitHub(sign: SignToken): Promise<SimulatedActions> {
  const endpoint = await TokenEndpoint.start(async ({ method, url, headers }) => {
    const { pathname, searchParams } = new URL(url, "http://runner");
    const audience = searchParams.get("audience");
    const isAsked = method === "GET" && pathname === "/idtoken" && searchParams.get("api-version") === "2.0";
    if (!isAsked || audience === null) return json(404, {});
    if (headers.authorization !== `bearer ${BEARER}`) return json(401, { message: "no such job" });
    const value = await sign(audience);
    return json(200, { value, count: value.length });
  });
  return {
    endpoint,
    requests: endpoint.requests,
    variables: {
      GITHUB_ACTIONS: "true",
      GITHUB_REPOSITORY: "acme/app",
      ACTIONS_ID_TOKEN_REQUEST_URL: `${endpoint.origin}/idtoken?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: BEARER,
    },
    close: () => endpoint.close(),
  };
}

/** Forgejo's runner, which speaks the same and calls itself by both names. */
export async function startForgejo(sign: SignToken): Promise<SimulatedActions> {
  const actions = await startGitHub(sign);
  return { ...actions, variables: { ...actions.variables, FORGEJO_ACTIONS: "true" } };
}
