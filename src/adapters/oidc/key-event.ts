import type { FetchFaultReason } from "./fetch-fault.ts";
import type { KeySkipReason } from "./public-key.ts";

/** What happens to the keys of an issuer, for the log and the metrics. Holds no secret and no text of the issuer but key ids. */
export type KeyEvent =
  | { readonly kind: "keys_fetched"; readonly issuer: string; readonly keys: number }
  | {
      readonly kind: "key_skipped";
      readonly issuer: string;
      readonly keyId: string | undefined;
      readonly reason: KeySkipReason;
    }
  | {
      readonly kind: "key_fetch_failed";
      readonly issuer: string;
      readonly reason: FetchFaultReason;
      /** A code of Node's, undici's or HTTP's that says more: `ECONNREFUSED`, `CERT_HAS_EXPIRED`, `503`. */
      readonly code: string | undefined;
    }
  /** The last good keys serve past their lifetime, since no newer ones can be had. */
  | { readonly kind: "stale_keys_serving"; readonly issuer: string; readonly ageSeconds: number };
