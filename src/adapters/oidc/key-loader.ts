import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import { discoverKeySetUrl } from "./discovery.ts";
import type { FetchDocument } from "./issuer-document.ts";
import type { KeyEvent } from "./key-event.ts";
import { type KeySet, parseKeySet } from "./key-set.ts";
import type { KeySkipReason } from "./public-key.ts";

/** For discovery and key set together, from the first look-up to the last byte. */
const DEADLINE_MS = 10_000;
/** A lifetime shorter than this would make each job a fetch (SPIRE says `no-store`). */
const MIN_LIFETIME_SECONDS = 300;
/** A key that its issuer removed works no longer than this (GitLab says 24 h). */
const MAX_LIFETIME_SECONDS = 3600;

export interface LoadedKeys<Keys = KeySet> {
  readonly keys: Keys;
  readonly lifetimeMs: number;
}

/** Brings the issuer's keys, or throws a FetchFault. */
export type KeyLoader<Keys = KeySet> = (issuer: TrustedIssuer) => Promise<LoadedKeys<Keys>>;

/** Loads keys ready to verify with. */
export function createKeyLoader(
  fetchDocument: FetchDocument,
  report: (event: KeyEvent) => void,
  deadlineMs = DEADLINE_MS,
): KeyLoader {
  return async (issuer) => {
    if (issuer.keys.kind === "inline") return loadInlineKeys(issuer, issuer.keys.jwks, report);
    const { bytes, lifetimeMs } = await fetchKeySet(issuer, issuer.keys, fetchDocument, deadlineMs);
    return { keys: await usableKeys(issuer, bytes, report), lifetimeMs };
  };
}

/** A published key set as it was published. */
export interface KeySetText {
  readonly text: string;
}

/**
 * Loads key sets in the form in which one process can hand them to another. Holds them to the same: a set without a
 * usable key is a FetchFault. Inline keys are nobody's to fetch.
 */
export function createKeyTextLoader(
  fetchDocument: FetchDocument,
  report: (event: KeyEvent) => void,
): KeyLoader<KeySetText> {
  return async (issuer) => {
    if (issuer.keys.kind === "inline") throw new Error("inline keys are not fetched");
    const { bytes, lifetimeMs } = await fetchKeySet(issuer, issuer.keys, fetchDocument, DEADLINE_MS);
    await usableKeys(issuer, bytes, report);
    return { keys: { text: new TextDecoder().decode(bytes) }, lifetimeMs };
  };
}

/** The keys that an operator wrote down, which no lifetime of a document ends. */
export async function loadInlineKeys(
  issuer: TrustedIssuer,
  jwks: string,
  report: (event: KeyEvent) => void,
): Promise<LoadedKeys> {
  const keys = await parseKeySet(jwks, issuer.algorithms, skipIn(issuer, report));
  return { keys, lifetimeMs: Number.POSITIVE_INFINITY };
}

/** Discovery anew each time: an issuer that moves its key set is followed within one lifetime. */
async function fetchKeySet(
  issuer: TrustedIssuer,
  source: Extract<TrustedIssuer["keys"], { kind: "discovery" }>,
  fetchDocument: FetchDocument,
  deadlineMs: number,
) {
  const signal = AbortSignal.timeout(deadlineMs);
  const url = await discoverKeySetUrl(issuer, source, fetchDocument, signal);
  const { bytes, cacheControl } = await fetchDocument(url, source, signal);
  return { bytes, lifetimeMs: lifetimeSeconds(cacheControl) * 1000 };
}

async function usableKeys(
  issuer: TrustedIssuer,
  bytes: Uint8Array,
  report: (event: KeyEvent) => void,
): Promise<KeySet> {
  const keys = await parseKeySet(bytes, issuer.algorithms, skipIn(issuer, report));
  report({ kind: "keys_fetched", issuer: issuer.url, keys: keys.size });
  return keys;
}

function skipIn(issuer: TrustedIssuer, report: (event: KeyEvent) => void) {
  return (keyId: string | undefined, reason: KeySkipReason) =>
    report({ kind: "key_skipped", issuer: issuer.url, keyId, reason });
}

/** RFC 9111 §5.2.2.1, within our bounds; whatever says nothing of an age gets the shortest. */
function lifetimeSeconds(cacheControl = ""): number {
  const [, seconds = "0"] = /(?:^|[\s,])max-age="?(\d+)/i.exec(cacheControl) ?? [];
  return Math.min(Math.max(Number(seconds), MIN_LIFETIME_SECONDS), MAX_LIFETIME_SECONDS);
}
