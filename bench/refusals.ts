import { randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import type { BenchRequest } from "./load.ts";
import type { SigningKey } from "./traffic.ts";

const ISSUER = "https://issuer.bench.example";
const SUBJECT = "repo:acme/app:ref:refs/heads/main";

/** What must look alike, each with the robot that is asked for. A token's subject is no rule's. */
export const CAUSES = {
  "unknown robot": "acme+nobody",
  "disabled robot": "acme+disabled",
  "no match": "acme+builder",
} as const;

export type Cause = keyof typeof CAUSES;

/** One issuer with inline keys, a robot and a disabled one, each with a rule for another subject. */
export function refusalDeclaration(jwks: object): string {
  const permissions = [{ repository: "acme/app", role: "write" }];
  const rules = [
    { issuer: ISSUER, subject: "repo:acme/other:ref:refs/heads/main", claims: { repository_id: "4711" } },
  ];
  return JSON.stringify({
    revision: 1,
    issuers: [
      { url: ISSUER, algorithms: ["RS256"], replay: "jti", jwks, jwks_expires: "2099-01-01T00:00:00Z" },
    ],
    registries: [{ service: "registry.bench.example", url: "https://registry.bench.example", token: "x5c" }],
    namespaces: [
      {
        name: "acme",
        robots: [
          { name: "builder", permissions, rules },
          { name: "disabled", enabled: false, permissions, rules },
        ],
      },
    ],
  });
}

/** An exchange that is refused for `cause`, with a token of its own. */
export async function refusedExchange(
  key: SigningKey,
  audience: string,
  cause: Cause,
): Promise<BenchRequest> {
  const now = Math.floor(Date.now() / 1000);
  const token = await new SignJWT({ repository_id: "4711" })
    .setProtectedHeader({ alg: "RS256", kid: "bench-1", typ: "JWT" })
    .setIssuer(ISSUER)
    // A subject for each: one tenant that fails so often would be slowed down.
    .setSubject(`${SUBJECT}/${randomUUID()}`)
    .setAudience(audience)
    .setIssuedAt(now)
    .setExpirationTime(now + 600)
    .setJti(randomUUID())
    .sign(key.privateKey);
  const body = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
    subject_token: token,
    robot: CAUSES[cause],
  });
  return {
    method: "POST",
    path: "/oauth2/token",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: body.toString(),
  };
}
