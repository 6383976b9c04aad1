import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import type { Registry } from "../../domain/access/registry.ts";
import type { RegistryTokenClaims, Signer } from "../../usecases/key-ports.ts";
import { derToRawSignature } from "./der-signature.ts";
import { serialiseClaims } from "./registry-token-claims.ts";
import type { SigningKey, SigningKeys } from "./signing-key.ts";

interface PreparedKey {
  readonly privateKey: KeyObject;
  /** The protected header in base64url, with its dot. */
  readonly headerSegment: string;
}

/**
 * Signs registry tokens with OpenSSL. It gives DER, which is put into the form of ES256 here: asking Node for
 * `ieee-p1363` costs 2.7 times as much a signature.
 */
export class NodeSigner implements Signer {
  readonly #keys: SigningKeys;
  /** A key's prepared form goes when the key does. */
  readonly #prepared = new WeakMap<SigningKey, PreparedKey>();

  constructor(keys: SigningKeys) {
    this.#keys = keys;
  }

  async sign(registry: Registry, claims: RegistryTokenClaims): Promise<string> {
    const { privateKey, headerSegment } = this.#prepare(await this.#keys.signingKey(registry));
    const signingInput = headerSegment + Buffer.from(serialiseClaims(claims)).toString("base64url");
    const signature = derToRawSignature(sign("sha256", Buffer.from(signingInput), privateKey));
    return `${signingInput}.${Buffer.from(signature).toString("base64url")}`;
  }

  #prepare(key: SigningKey): PreparedKey {
    const known = this.#prepared.get(key);
    if (known) return known;
    const prepared = {
      privateKey: createPrivateKey({ key: Buffer.from(key.pkcs8), format: "der", type: "pkcs8" }),
      headerSegment: `${Buffer.from(JSON.stringify(key.header)).toString("base64url")}.`,
    };
    this.#prepared.set(key, prepared);
    return prepared;
  }
}
