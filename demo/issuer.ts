import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { loopbackCertificate } from "./certificate.ts";

/** The CI platform of the demo: an OIDC issuer that signs an identity token for its one job. Never part of the server. */
export interface DemoIssuer {
  readonly url: string;
  readonly caPem: string;
  /** What the platform would put into the job's environment. */
  identityToken(audience: string): Promise<string>;
  close(): void;
}

export const JOB = {
  sub: "repo:acme/app:ref:refs/heads/main",
  repository: "acme/app",
  repository_id: "4711",
  repository_owner_id: "42",
  ref: "refs/heads/main",
  run_id: "1001",
};

const LIFETIME_SECONDS = 300;

export async function startIssuer(): Promise<DemoIssuer> {
  const [{ cert, key }, { privateKey, publicKey }] = await Promise.all([
    loopbackCertificate(),
    generateKeyPair("RS256"),
  ]);
  const jwk = { ...(await exportJWK(publicKey)), kid: "demo-1", alg: "RS256", use: "sig" };
  let url = "";
  const identityToken = (audience: string) => {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT(JOB)
      .setProtectedHeader({ alg: "RS256", kid: jwk.kid, typ: "JWT" })
      .setIssuer(url)
      .setAudience(audience)
      .setIssuedAt(now)
      .setExpirationTime(now + LIFETIME_SECONDS)
      .setJti(randomUUID())
      .sign(privateKey);
  };
  const server = createServer({ cert, key }, async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", url);
    const answers: Record<string, () => unknown> = {
      "/.well-known/openid-configuration": () => ({ issuer: url, jwks_uri: `${url}/jwks` }),
      "/jwks": () => ({ keys: [jwk] }),
      // As GitHub's ACTIONS_ID_TOKEN_REQUEST_URL does it.
      "/job/id-token": async () => ({ value: await identityToken(searchParams.get("audience") ?? "") }),
    };
    const answer = answers[pathname];
    response.writeHead(answer ? 200 : 404, { "Content-Type": "application/json" });
    response.end(JSON.stringify((await answer?.()) ?? { error: "not_found" }));
  });
  url = `https://127.0.0.1:${await listen(server)}`;
  return {
    url,
    caPem: cert,
    identityToken,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
