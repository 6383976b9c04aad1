import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import { discoverKeySetUrl } from "./discovery.ts";
import type { GuardedFetch } from "./guarded-fetch.ts";
import type { KeyEvent } from "./key-event.ts";
import { type KeySet, parseKeySet } from "./key-set.ts";
import type { KeySkipReason } from "./public-key.ts";

/** For discovery and key set together, from the first look-up to the last byte. */
const DEADLINE_MS = 10_000;
/** A lifetime shorter than this would make each job a fetch (SPIRE says `no-store`). */
const MIN_LIFETIME_SECONDS = 300;
/** A key that its issuer removed works no longer than this (GitLab says 24 h). */
const MAX_LIFETIME_SECONDS = 3600;

export interface LoadedKeys {
  readonly keys: KeySet;
  readonly lifetimeMs: number;
}

/** Brings the issuer's keys, or throws a FetchFault. */
export type KeyLoader = (issuer: TrustedIssuer) => Promise<LoadedKeys>;

/** Discovery anew each time: an issuer that moves its key set is followed within one lifetime. */
export function createKeyLoader(
  fetchDocument: GuardedFetch,
  report: (event: KeyEvent) => void,
  deadlineMs = DEADLINE_MS,
): KeyLoader {
  return async (issuer) => {
    const skip = (keyId: string | undefined, reason: KeySkipReason) =>
      report({ kind: "key_skipped", issuer: issuer.url, keyId, reason });
    if (issuer.keys.kind === "inline") {
      const keys = await parseKeySet(issuer.keys.jwks, issuer.algorithms, skip);
      return { keys, lifetimeMs: Number.POSITIVE_INFINITY };
    }
    const signal = AbortSignal.timeout(deadlineMs);
    const url = await discoverKeySetUrl(issuer, issuer.keys, fetchDocument, signal);
    const document = await fetchDocument(url, issuer.keys, signal);
    const keys = await parseKeySet(document.bytes, issuer.algorithms, skip);
    report({ kind: "keys_fetched", issuer: issuer.url, keys: keys.size });
    return { keys, lifetimeMs: lifetimeSeconds(document.cacheControl) * 1000 };
  };
}

/** RFC 9111 §5.2.2.1, within our bounds; whatever says nothing of an age gets the shortest. */
function lifetimeSeconds(cacheControl = ""): number {
  const [, seconds = "0"] = /(?:^|[\s,])max-age="?(\d+)/i.exec(cacheControl) ?? [];
  return Math.min(Math.max(Number(seconds), MIN_LIFETIME_SECONDS), MAX_LIFETIME_SECONDS);
}
