import type { SignatureVerifier } from "../../usecases/key-ports.ts";
import type { Clock } from "../../usecases/ports.ts";
import { createGuardedFetch } from "./guarded-fetch.ts";
import { IssuerKeys } from "./issuer-keys.ts";
import { verifierWithKeys } from "./jose-verification.ts";
import type { KeyEvent } from "./key-event.ts";
import { createKeyLoader } from "./key-loader.ts";

export interface VerifierOptions {
  readonly clock: Clock;
  /** URL of the HTTP proxy by which the public internet is reached. */
  readonly egressProxy?: string | undefined;
  readonly report: (event: KeyEvent) => void;
}

/**
 * Verifies with jose, under the keys that the issuer publishes. For Node: on Workers no promise of one request may
 * be awaited by another, and undici's connections do not exist.
 */
export function createSignatureVerifier({ clock, egressProxy, report }: VerifierOptions): SignatureVerifier {
  const load = createKeyLoader(createGuardedFetch({ egressProxy }), report);
  return verifierWithKeys((issuer) => new IssuerKeys(issuer, { clock, load, report }));
}
