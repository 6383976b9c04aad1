import type { StoredKey } from "../../domain/keys/stored-key.ts";
import type { Directory } from "../ports.ts";

/** A key as an operator may see it: its public half, and which encryption key its private half needs. */
export type KeySummary = Omit<StoredKey, "encryptedPrivateKey"> & { readonly encryptionKeyId: string };

/** Every key, the oldest first. */
export async function listKeys(deps: {
  readonly directory: Pick<Directory, "readKeys">;
}): Promise<readonly KeySummary[]> {
  const keys = await deps.directory.readKeys();
  return keys
    .toSorted((left, right) => left.createdAt - right.createdAt || (left.name < right.name ? -1 : 1))
    .map(summarizeKey);
}

export function summarizeKey({ encryptedPrivateKey, ...key }: StoredKey): KeySummary {
  return { ...key, encryptionKeyId: encryptedPrivateKey.keyId };
}
