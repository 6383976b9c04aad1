import type { StoredKey } from "../../domain/keys/stored-key.ts";

/** The certificate of a `ca`, `x5c` or `pinned` key, PEM. A record without one was changed by other hands. */
export function certificateOf(key: StoredKey): string {
  if (key.certificatePem === undefined) throw new Error(`key record "${key.name}" has no certificate`);
  return key.certificatePem;
}
