import { type EndpointAnswer, TokenEndpoint } from "./ci-platforms/token-endpoint.ts";

/** A registry's door on loopback, without a registry behind it: what it answers to who comes without a token. */
export interface FakeRegistry {
  /** Host and port. */
  readonly name: string;
  readonly endpoint: TokenEndpoint;
}

/** @param challenge WWW-Authenticate; undefined: it lets everybody in. */
export async function startFakeRegistry(challenge: string | undefined): Promise<FakeRegistry> {
  const answer: EndpointAnswer =
    challenge === undefined
      ? { status: 200, body: "{}" }
      : { status: 401, body: "{}", headers: { "www-authenticate": challenge } };
  const endpoint = await TokenEndpoint.start(({ url }) =>
    url === "/v2/" ? answer : { status: 404, body: "" },
  );
  return { endpoint, name: new URL(endpoint.origin).host };
}

/** The challenge of a registry behind the Berth at `url`. */
export function berthChallenge(url: string, service = "registry.example.com"): string {
  return `Bearer realm="${url}/v2/auth",service="${service}"`;
}
