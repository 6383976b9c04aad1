import { installAgentCommand } from "./agent-command.ts";
import type { SignToken, SimulatedPlatform } from "./simulated-platform.ts";
import { json, TokenEndpoint } from "./token-endpoint.ts";

export const CIRCLE_ORGANIZATION = "11111111-2222-4333-8444-555566667777";

/** CircleCI: a variable for the organization's audience, and a command for any. */
export async function startCircleci(
  sign: SignToken,
  { hasCommand = true }: { readonly hasCommand?: boolean } = {},
): Promise<SimulatedPlatform> {
  const endpoint = await TokenEndpoint.start(async ({ url }) =>
    json(200, await sign(new URL(url, "http://circle").searchParams.get("aud") ?? "")),
  );
  const script = `
if (args.slice(0, 4).join(" ") !== "run oidc get --claims") process.exit(2);
const { aud } = JSON.parse(args[4]);
console.log(await (await fetch("${endpoint.origin}/?" + new URLSearchParams({ aud }))).json());`;
  const command = hasCommand ? installAgentCommand("circleci", script) : undefined;
  return {
    requests: endpoint.requests,
    variables: {
      CIRCLECI: "true",
      CIRCLE_OIDC_TOKEN_V2: await sign(CIRCLE_ORGANIZATION),
      PATH: command?.path ?? "/nowhere",
    },
    close: async () => {
      command?.remove();
      await endpoint.close();
    },
  };
}
