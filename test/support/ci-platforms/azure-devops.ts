import type { SignToken, SimulatedPlatform } from "./simulated-platform.ts";
import { json, TokenEndpoint } from "./token-endpoint.ts";

const BEARER = "system-access-token";
export const AZURE_AUDIENCE = "api://AzureADTokenExchange";

/** Azure DevOps: `POST URI?api-version=7.1` with the job's access token. The audience is always the same. */
export async function startAzureDevops(sign: SignToken): Promise<SimulatedPlatform> {
  const endpoint = await TokenEndpoint.start(async ({ method, url, headers }) => {
    const { pathname, searchParams } = new URL(url, "http://azure");
    const isAsked =
      method === "POST" && pathname === "/oidctoken" && searchParams.get("api-version") === "7.1";
    if (!isAsked || searchParams.has("serviceConnectionId")) return json(404, {});
    const isKnown = headers.authorization === `Bearer ${BEARER}`;
    // Else Azure answers with a page for people to log in.
    if (!isKnown || headers["x-tfs-fedauthredirect"] !== "Suppress") return { status: 302, body: "" };
    return json(200, { oidcToken: await sign(AZURE_AUDIENCE) });
  });
  return {
    requests: endpoint.requests,
    variables: {
      TF_BUILD: "True",
      SYSTEM_OIDCREQUESTURI: `${endpoint.origin}/oidctoken`,
      SYSTEM_ACCESSTOKEN: BEARER,
    },
    close: () => endpoint.close(),
  };
}
