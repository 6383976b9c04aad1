import { randomUUID, type webcrypto } from "node:crypto";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { stringify } from "yaml";
import type { BenchRequest } from "./load.ts";

export const ISSUER = "https://issuer.bench.example";
export const SUBJECT = "repo:acme/app:ref:refs/heads/main";
const ROBOT = "acme+builder";
export const SERVICE = "registry.bench.example";

export interface SigningKey {
  readonly privateKey: webcrypto.CryptoKey;
  readonly publicJwk: JWK;
  readonly jwks: { keys: JWK[] };
}

export async function signingKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const publicJwk = { ...(await exportJWK(publicKey)), kid: "bench-1", alg: "RS256" };
  return { privateKey, publicJwk, jwks: { keys: [publicJwk] } };
}

/** One issuer with inline keys (no network in the measurement), one robot, one rule. */
export function benchDeclaration(jwks: object): string {
  return stringify({
    revision: 1,
    issuers: [
      { url: ISSUER, algorithms: ["RS256"], replay: "jti", jwks, jwks_expires: "2099-01-01T00:00:00Z" },
    ],
    registries: [{ service: SERVICE, url: `https://${SERVICE}`, token: "x5c" }],
    namespaces: [
      {
        name: "acme",
        robots: [
          {
            name: "builder",
            permissions: [{ repository: "acme/app", role: "write" }],
            rules: [{ issuer: ISSUER, subject: SUBJECT, claims: { repository_id: "4711" } }],
          },
        ],
      },
    ],
  });
}

/** Exchanges of `count` identity tokens, each for one use, about the size of GitHub's. */
export async function exchangeRequests(
  key: SigningKey,
  audience: string,
  count: number,
  robot = ROBOT,
): Promise<readonly BenchRequest[]> {
  const requests: BenchRequest[] = [];
  for (let at = 0; at < count; at += 1) {
    const body = new URLSearchParams({
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
      subject_token: await identityToken(key, audience),
      robot,
    });
    requests.push({
      method: "POST",
      path: "/oauth2/token",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: body.toString(),
    });
  }
  return requests;
}

/** @param issuer Whose it is, and whose word: a client's own assertion has its name in both places. */
export function identityToken(
  key: SigningKey,
  audience: string,
  { issuer, subject } = { issuer: ISSUER, subject: SUBJECT },
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return (
    new SignJWT({
      repository: "acme/app",
      repository_id: "4711",
      repository_owner: "acme",
      repository_owner_id: "42",
      ref: "refs/heads/main",
      sha: "0123456789abcdef0123456789abcdef01234567",
      workflow_ref: "acme/app/.github/workflows/release.yml@refs/heads/main",
      job_workflow_ref: "acme/app/.github/workflows/release.yml@refs/heads/main",
      run_id: "1234567890",
      run_attempt: "1",
      runner_environment: "github-hosted",
      event_name: "push",
      actor: "somebody",
      actor_id: "12345",
    })
      .setProtectedHeader({ alg: "RS256", kid: "bench-1", typ: "JWT" })
      .setIssuer(issuer)
      .setSubject(subject)
      .setAudience(audience)
      // A ledger refuses tokens of the second in which it was born.
      .setIssuedAt(now + 1)
      .setExpirationTime(now + 301)
      .setJti(randomUUID())
      .sign(key.privateKey)
  );
}

/** Token requests of a push, with a credential of `berth`; a floor looks at no credential, so it gets an invented one. */
export async function registryTokenRequests(
  berth: { readonly key: SigningKey; readonly origin: string } | undefined,
  count: number,
): Promise<readonly BenchRequest[]> {
  const credential = berth ? await credentialOf(berth.key, berth.origin) : "brc_".padEnd(55, "0");
  const query = new URLSearchParams({ service: SERVICE, scope: "repository:acme/app:pull,push" });
  const one: BenchRequest = {
    method: "GET",
    path: `/v2/auth?${query}`,
    headers: { authorization: `Basic ${Buffer.from(`${ROBOT}:${credential}`).toString("base64")}` },
  };
  return new Array<BenchRequest>(count).fill(one);
}

async function credentialOf(key: SigningKey, origin: string): Promise<string> {
  const [request] = await exchangeRequests(key, origin, 1);
  const response = await fetch(`${origin}/oauth2/token`, {
    method: "POST",
    headers: request?.headers ?? {},
    body: request?.body ?? "",
  });
  const { access_token } = (await response.json()) as { access_token?: string };
  if (!access_token) throw new Error(`no credential: ${response.status}`);
  return access_token;
}
