import { IssuerKeyPair } from "../../support/issuer-key-pair.ts";
import { basic, exchange, formOf, quayExchange, registryToken, revoke } from "../../support/requests.ts";
import type { BerthWorld } from "./berth-world.ts";
import type { RunningBerth } from "./running-berth.ts";

/** What those who ask hold, and paste into a wrong field. */
export interface Secrets {
  readonly identityToken: string;
  readonly credential: string;
  readonly robotToken: string;
}

/** Called with each identity token that is signed for an attempt. */
type Note = (identityToken: string) => void;

/** Asks `berth` for what it refuses, by reason; each key is a reason that the log then has. */
export async function provokeRefusals(world: BerthWorld, berth: RunningBerth, secrets: Secrets, note: Note) {
  const { identityToken, credential } = secrets;
  const now = Math.floor(Date.now() / 1000);
  const signed = async (...args: Parameters<typeof world.issuer.sign>) => {
    const token = await world.issuer.sign(...args);
    note(token);
    return token;
  };
  const withClaims = async (claims: Record<string, unknown>) => exchange(berth, await signed(claims));
  const withForm = async (form: Record<string, string>) => exchange(berth, await signed(), form);
  const stranger = new IssuerKeyPair("key-1", "ES256");
  const attempts: Record<string, () => Promise<unknown>> = {
    request_malformed: () => withForm({ robot: identityToken }),
    grant_type_unsupported: () => withForm({ grant_type: credential }),
    token_type_unsupported: () => withForm({ subject_token_type: credential }),
    scope_malformed: () => withForm({ scope: credential }),
    ttl_malformed: () => withForm({ requested_ttl: credential }),
    token_too_large: async () => exchange(berth, (await signed()).padEnd(17_000, "A")),
    token_malformed: () => exchange(berth, credential),
    issuer_unknown: () => withClaims({ iss: "https://stranger.example.com" }),
    header_refused: async () => exchange(berth, await signed({}, { crit: ["exp"] })),
    algorithm_refused: async () => exchange(berth, await signed({}, { alg: "HS256" })),
    key_unknown: async () => exchange(berth, await signed({}, { kid: "key-99" })),
    signature_invalid: async () => exchange(berth, await signed({}, {}, { key: stranger })),
    token_expired: () => withClaims({ iat: now - 400, exp: now - 100 }),
    token_not_yet_valid: () => withClaims({ nbf: now + 300 }),
    token_lifetime_too_long: () => withClaims({ exp: now + 90_000 }),
    claim_malformed: () => withClaims({ iat: "0" }),
    audience_mismatch: () => withClaims({ aud: "https://other.example.com" }),
    no_match: () => withClaims({ sub: "repo:acme/app:ref:refs/heads/dev" }),
    scope_not_granted: () => withForm({ scope: "repository:acme/other:pull" }),
    token_used: () => exchange(berth, identityToken),
    service_unknown: () => registryToken(berth, { service: credential, password: credential }),
    credentials_invalid: () => registryToken(berth, { username: credential, password: credential }),
    credential_revoked: async () => {
      await revoke(berth, credential);
      return registryToken(berth, { password: credential });
    },
  };
  for (const attempt of Object.values(attempts)) await attempt();
  await pasteIntoWrongPlaces(berth, secrets);
  return Object.keys(attempts);
}

/** Whatever has no field of its own: a path, a query, a header, a body of another form. */
async function pasteIntoWrongPlaces(berth: RunningBerth, secrets: Secrets): Promise<void> {
  for (const secret of Object.values(secrets)) {
    await quayExchange(berth, "acme+builder", secret);
    await quayExchange(berth, secret, secret);
    await revoke(berth, `${secret}x`);
    await berth.request(`/${secret}?token=${secret}`, { headers: { "x-request-id": secret } });
    await berth.request("/v2/auth?service=x", { headers: { authorization: `Bearer ${secret}` } });
    await berth.request("/oauth2/token", { method: "POST", body: JSON.stringify({ subject_token: secret }) });
    await berth.request("/v2/auth", {
      method: "POST",
      body: formOf({ grant_type: "refresh_token", refresh_token: secret, client_id: secret, service: "x" }),
      headers: basic(secret, secret),
    });
  }
  await revoke(berth, secrets.robotToken);
}
