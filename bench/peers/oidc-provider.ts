import { startChild } from "../child.ts";
import type { BenchRequest } from "../load.ts";
import { identityToken } from "../traffic.ts";
import type { Peer, PeerSetting } from "./peer.ts";

const PEER_ISSUER = "https://oidc-provider.bench.example";

/** @param folder Of the package. */
export async function startOidcProvider(folder: string, { key, redis, onClose }: PeerSetting): Promise<Peer> {
  const child = await startChild(new URL("oidc-provider-server.ts", import.meta.url).pathname, {
    env: {
      PEER_PACKAGE: folder,
      PEER_ISSUER,
      BENCH_JWK: JSON.stringify(key.publicJwk),
      BENCH_REDIS: redis.url,
    },
  });
  onClose(child.stop);
  const client = { issuer: "bench", subject: "bench" };
  return {
    name: "oidc-provider on Redis",
    work: "verifies, looks for the jti and then writes it, writes a token: three commands; no rules, no audit event",
    origin: child.origin,
    cpuMs: () => ({ server: child.cpuMs() ?? Number.NaN, store: redis.cpuMs() }),
    requests: (count) =>
      Promise.all(
        Array.from({ length: count }, async () =>
          tokenRequest(await identityToken(key, PEER_ISSUER, client)),
        ),
      ),
  };
}

function tokenRequest(assertion: string): BenchRequest {
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
  });
  return {
    method: "POST",
    path: "/token",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: body.toString(),
  };
}
