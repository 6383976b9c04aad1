/** What the use cases need from outside of keys: others' signatures verified, and Berth's own keys. */

import type { AccessEntry } from "../domain/access/granted-access.ts";
import type { Registry } from "../domain/access/registry.ts";
import type { UnverifiedIdentityToken } from "../domain/identity/identity-token.ts";
import type { TrustedIssuer } from "../domain/identity/issuer.ts";
import type { CheckedHeader } from "../domain/identity/token-header-check.ts";
import type { KeyRequest } from "../domain/keys/key-series.ts";
import type { StoredKey } from "../domain/keys/stored-key.ts";
import type { Result } from "../domain/result.ts";

/** The part of the verification that needs keys. */
export interface SignatureVerifier {
  /**
   * Finds the key of `issuer` and verifies the signature, and once more the times and the audience that
   * `domain/` checks. One refresh a cool-down for an unknown key id or a bad signature, claimed before the fetch.
   *
   * @param now Unix seconds.
   */
  verify(
    token: UnverifiedIdentityToken,
    header: CheckedHeader,
    issuer: TrustedIssuer,
    now: number,
  ): Promise<SignatureVerdict>;
}

export type SignatureVerdict =
  | "verified"
  | "key_unknown"
  | "signature_invalid"
  | "token_expired"
  | "token_not_yet_valid"
  | "audience_mismatch"
  | "claim_malformed"
  /** No key of this issuer could be had: its discovery or key set is out of reach, and no good copy is left. */
  | "keys_unavailable";

/** Signs registry tokens with the key that a registry verifies. */
export interface Signer {
  sign(registry: Registry, claims: RegistryTokenClaims): Promise<string>;
}

/** Docker token specification; `aud` a string and the times integers, since distribution 2.8 takes nothing else. */
export interface RegistryTokenClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  readonly exp: number;
  readonly nbf: number;
  readonly iat: number;
  readonly jti: string;
  readonly access: readonly AccessEntry[];
}

/** Makes Berth's keys: key pairs, their certificates, and the encryption of what must not be read. */
export interface KeyMaker {
  /** A new key, not yet written anywhere. */
  make(request: KeyRequest): Promise<StoredKey>;
  /**
   * Why the private part of `key` cannot be read, as a sentence that names the record and the encryption key's
   * id; undefined when it can.
   */
  findFault(key: StoredKey): Promise<string | undefined>;
  /** `key` with its private part under the first encryption key; undefined when it stands there already. */
  rewrap(key: StoredKey): Promise<StoredKey | undefined>;
}

/** Berth's CA in a file of its own, for safekeeping outside the store. */
export interface CaFiles {
  /** The certificate and the private key of `ca`, the key under `passphrase`. */
  write(ca: StoredKey, passphrase: string): Promise<string>;
  /** The CA in such a file as the record that `request` asks for; else what is wrong with it, as a sentence. */
  read(file: string, passphrase: string, request: KeyRequest): Promise<Result<StoredKey, string>>;
}

/** Public halves of Berth's keys. */
export interface PublishedKeys {
  /** The CA certificate, PEM: the `rootcertbundle` of a distribution registry. */
  caPem(): Promise<string>;
  /** JWK Set of the keys of `kid` registries, those that are published ahead of their use included. */
  jwks(): Promise<{ readonly keys: readonly object[] }>;
}
