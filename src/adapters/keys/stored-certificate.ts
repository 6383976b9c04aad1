import type { StoredKey } from "../../domain/keys/stored-key.ts";

/** The certificate of a `ca`, `x5c` or `pinned` key, PEM. A record without one was changed by other hands. */
export function certificateOf(key: StoredKey): string {
  if (key.certificatePem === undefined) throw new Error(`key record "${key.name}" has no certificate`);
  return key.certificatePem;
}

/** The DER of one certificate in standard base64, as `x5c` has it (RFC 7515 §4.1.6): what stands between PEM's lines. */
export function pemToX5c(pem: string): string {
  return pem.replace(/-----[A-Z ]+-----|\s/g, "");
}
