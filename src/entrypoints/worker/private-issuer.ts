import type { DeclaredIssuer } from "../../domain/accounts/declaration.ts";

/** What Workers cannot do for an issuer, as a sentence; undefined where they can. */
export function privateIssuerObstacle({
  url,
  keys,
}: Pick<DeclaredIssuer, "url" | "keys">): string | undefined {
  if (keys.kind === "inline" || (!keys.privateNetwork && keys.caPem === undefined)) return undefined;
  return (
    `${url}: a private network or a CA of its own (private_network, ca_pem) cannot be reached from Cloudflare Workers. ` +
    "Give its keys inline (jwks), or run Berth on Node"
  );
}
