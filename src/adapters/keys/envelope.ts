import type { RandomBytes } from "../../domain/accounts/secret.ts";
import { decodeBase64url, encodeBase64url } from "../../domain/identity/base64url.ts";
import type { EncryptedBytes } from "../../domain/keys/stored-key.ts";

/** One key of `BERTH_ENCRYPTION_KEY`: 32 bytes, and the id under which records name it. */
export interface EncryptionKey {
  readonly id: string;
  readonly key: Uint8Array;
}

/** A record that none of the encryption keys opens. Names the record and the key id, never a byte of either. */
export class UnreadableKeyError extends Error {
  override readonly name = "UnreadableKeyError";
}

const UTF8 = new TextEncoder();
const IV_BYTES = 12;

/**
 * Encryption at rest, AES-256-GCM. The record's name is the additional data, so that who can write the store
 * cannot let one record's ciphertext pass for another's.
 */
export class Envelope {
  readonly #first: EncryptionKey;
  readonly #keys: ReadonlyMap<string, EncryptionKey>;
  readonly #random: RandomBytes;

  /** @param keys The first encrypts, all decrypt. */
  constructor(keys: readonly EncryptionKey[], random: RandomBytes) {
    const [first] = keys;
    if (first === undefined) throw new Error("an envelope needs at least one encryption key");
    this.#first = first;
    this.#keys = new Map(keys.map((key) => [key.id, key]));
    this.#random = random;
  }

  async encrypt(record: string, plaintext: Uint8Array): Promise<EncryptedBytes> {
    const iv = this.#random(IV_BYTES);
    const key = await importKey(this.#first);
    const ciphertext = await crypto.subtle.encrypt(algorithm(record, iv), key, plaintext);
    return {
      keyId: this.#first.id,
      iv: encodeBase64url(iv),
      ciphertext: encodeBase64url(new Uint8Array(ciphertext)),
    };
  }

  /** Whether `encrypted` says that the key which encrypts now has done so. */
  isCurrent({ keyId }: EncryptedBytes): boolean {
    return keyId === this.#first.id;
  }

  /** @throws UnreadableKeyError for a key id that is not listed, another key of that id, or a changed record. */
  async decrypt(record: string, encrypted: EncryptedBytes): Promise<Uint8Array> {
    const { keyId } = encrypted;
    const key = this.#keys.get(keyId);
    if (key === undefined) {
      throw new UnreadableKeyError(
        `key record "${record}" is encrypted under the key id "${keyId}", which BERTH_ENCRYPTION_KEY does not list`,
      );
    }
    const plaintext = await open(record, encrypted, key);
    if (plaintext === undefined) {
      throw new UnreadableKeyError(
        `key record "${record}" does not open under the key id "${keyId}" of BERTH_ENCRYPTION_KEY: that is ` +
          "another key than the one it was written with, or the record was changed",
      );
    }
    return plaintext;
  }
}

async function open(
  record: string,
  encrypted: EncryptedBytes,
  key: EncryptionKey,
): Promise<Uint8Array | undefined> {
  const iv = decodeBase64url(encrypted.iv);
  const ciphertext = decodeBase64url(encrypted.ciphertext);
  if (iv?.length !== IV_BYTES || ciphertext === undefined) return undefined;
  try {
    return new Uint8Array(
      await crypto.subtle.decrypt(algorithm(record, iv), await importKey(key), ciphertext),
    );
  } catch (fault) {
    // WebCrypto's one answer to a tag that does not fit; anything else is a bug of ours.
    if (fault instanceof DOMException && fault.name === "OperationError") return undefined;
    throw fault;
  }
}

function importKey({ key }: EncryptionKey) {
  return crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);
}

function algorithm(record: string, iv: Uint8Array) {
  return { name: "AES-GCM", iv, additionalData: UTF8.encode(record) };
}
