import type { SignToken, SimulatedPlatform } from "./simulated-platform.ts";
import { TokenEndpoint } from "./token-endpoint.ts";

const PATH = "/computeMetadata/v1/instance/service-accounts/default/identity";

/** Google's metadata server. */
export async function startGoogle(sign: SignToken): Promise<SimulatedPlatform> {
  const endpoint = await TokenEndpoint.start(async ({ method, url, headers }) => {
    const { pathname, searchParams } = new URL(url, "http://metadata");
    const audience = searchParams.get("audience");
    const isAsked = method === "GET" && pathname === PATH && searchParams.get("format") === "full";
    if (!isAsked || audience === null) return { status: 404, body: "" };
    // So that no browser or proxy can be made to ask.
    if (headers["metadata-flavor"] !== "Google") return { status: 403, body: "" };
    return { status: 200, body: await sign(audience) };
  });
  return {
    requests: endpoint.requests,
    variables: { GCE_METADATA_HOST: new URL(endpoint.origin).host },
    close: () => endpoint.close(),
  };
}
