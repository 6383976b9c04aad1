import type { webcrypto } from "node:crypto";
import type { Registry } from "../../domain/access/registry.ts";
import { encodeBase64url } from "../../domain/identity/base64url.ts";
import type { RegistryTokenClaims, Signer } from "../../usecases/key-ports.ts";
import { P256 } from "./key-pair.ts";
import { serialiseClaims } from "./registry-token-claims.ts";
import type { SigningKey, SigningKeys } from "./signing-key.ts";

interface PreparedKey {
  readonly privateKey: webcrypto.CryptoKey;
  /** The protected header in base64url, with its dot. */
  readonly headerSegment: string;
}

const UTF8 = new TextEncoder();
const ES256 = { name: P256.name, hash: "SHA-256" } as const;

/** Signs registry tokens with WebCrypto, which gives the form of ES256 (RFC 7518 §3.4) itself. */
export class WebSigner implements Signer {
  readonly #keys: SigningKeys;
  /** A key's prepared form goes when the key does. The value, and not its promise: see `OwnFlights`. */
  readonly #prepared = new WeakMap<SigningKey, PreparedKey>();

  constructor(keys: SigningKeys) {
    this.#keys = keys;
  }

  async sign(registry: Registry, claims: RegistryTokenClaims): Promise<string> {
    const { privateKey, headerSegment } = await this.#prepare(await this.#keys.signingKey(registry));
    const signingInput = headerSegment + base64url(serialiseClaims(claims));
    const signature = await crypto.subtle.sign(ES256, privateKey, UTF8.encode(signingInput));
    return `${signingInput}.${encodeBase64url(new Uint8Array(signature))}`;
  }

  async #prepare(key: SigningKey): Promise<PreparedKey> {
    const known = this.#prepared.get(key);
    if (known) return known;
    const prepared = {
      privateKey: await crypto.subtle.importKey("pkcs8", Uint8Array.from(key.pkcs8), P256, false, ["sign"]),
      headerSegment: `${base64url(JSON.stringify(key.header))}.`,
    };
    this.#prepared.set(key, prepared);
    return prepared;
  }
}

function base64url(text: string): string {
  return encodeBase64url(UTF8.encode(text));
}
