import type { Registry } from "../../domain/access/registry.ts";
import type { StoredKey } from "../../domain/keys/stored-key.ts";
import { certificateOf, pemToX5c } from "./stored-certificate.ts";

/** A key that is ready to sign, with the protected header (RFC 7515 §4.1) that its registry needs. */
export interface SigningKey {
  readonly kid: string;
  readonly header: SigningHeader;
  /** The private key in PKCS #8, DER. */
  readonly pkcs8: Uint8Array;
}

/**
 * A chain or a key id, never both: with `x5c` present, distribution 3 does not look at `kid`, and without a CA
 * bundle it refuses the token. The chain is the leaf alone, since the registry has the CA: 1124 bytes a token, not 1902.
 */
type SigningHeader = { readonly alg: "ES256"; readonly typ: "JWT" } & (
  | { readonly x5c: readonly [string] }
  | { readonly kid: string }
);

/** What a signer asks for. The same object comes back while the key lives, so what is made of it may be kept with it. */
export interface SigningKeys {
  signingKey(registry: Registry): Promise<SigningKey>;
}

export function toSigningKey(key: StoredKey, pkcs8: Uint8Array): SigningKey {
  const kid = key.publicJwk.kid ?? "";
  const fixed = { alg: "ES256", typ: "JWT" } as const;
  const header: SigningHeader =
    key.use === "x5c" ? { ...fixed, x5c: [pemToX5c(certificateOf(key))] } : { ...fixed, kid };
  return { kid, header, pkcs8 };
}
