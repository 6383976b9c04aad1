/** What a key of Berth signs: leaf certificates (`ca`), registry tokens with a chain, by key id, or of one registry. */
export type KeyUse = "ca" | "x5c" | "kid" | "pinned";

/** A key rotates in two steps where a registry holds a copy of it: published, then active. */
export type KeyStatus = "published" | "active" | "retired";

/** A P-256 key pair as the directory keeps it. */
export interface StoredKey {
  /** Unique, and the additional data of the encryption, so that one record's ciphertext opens under no other name. */
  readonly name: string;
  readonly use: KeyUse;
  readonly status: KeyStatus;
  /** The registry of a `pinned` key, by service name. */
  readonly registry?: string;
  /** Unix seconds. */
  readonly createdAt: number;
  /** Public JWK (RFC 7517) with its `kid`. */
  readonly publicJwk: Readonly<Record<string, string>>;
  /** PEM certificate of a `ca`, `x5c` or `pinned` key. */
  readonly certificatePem?: string;
  /** Unix seconds after which the certificate is not valid. */
  readonly notAfter?: number;
  /** Unix seconds at which it was retired: what it signed until then is verified for a while more. */
  readonly retiredAt?: number;
  readonly encryptedPrivateKey: EncryptedBytes;
}

/** AES-256-GCM under one of the keys of `BERTH_ENCRYPTION_KEY`. */
export interface EncryptedBytes {
  readonly keyId: string;
  /** 96 bits, base64url. */
  readonly iv: string;
  /** Ciphertext and tag, base64url. */
  readonly ciphertext: string;
}
