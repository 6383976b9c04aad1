import type { KeyStatus, StoredKey } from "./stored-key.ts";

/** A new leaf is made when the newest has less than this left, so that the two overlap. */
const LEAF_OVERLAP_SECONDS = 24 * 3600;
/** How long a retired key is published: no registry token that it signed lives longer than five minutes. */
const RETIRED_SECONDS = 3600;

/** Keys that follow one another. A leaf belongs to one CA, so a new CA starts a new series of leaves. */
export type KeySeries =
  | { readonly use: "ca" }
  | { readonly use: "x5c"; readonly ca: StoredKey }
  | { readonly use: "kid" }
  | { readonly use: "pinned"; readonly registry: string };

export const CA_SERIES: KeySeries = { use: "ca" };
export const KID_SERIES: KeySeries = { use: "kid" };

/** A key that is to be made. */
export interface KeyRequest {
  readonly series: KeySeries;
  readonly name: string;
  readonly status: KeyStatus;
  /** Unix seconds. */
  readonly createdAt: number;
}

/** The keys of a series, oldest first. */
export function keysOf(keys: readonly StoredKey[], series: KeySeries): readonly StoredKey[] {
  const prefix = prefixOf(series);
  return keys
    .filter((key) => numberIn(key, prefix) !== undefined)
    .sort((left, right) => Number(numberIn(left, prefix)) - Number(numberIn(right, prefix)));
}

/** The key that signs now: the newest active one, since between the two writes of a rotation there are two. */
export function activeKey(keys: readonly StoredKey[], series: KeySeries): StoredKey | undefined {
  return keysOf(keys, series).findLast((key) => key.status === "active");
}

/**
 * The next key of a series. Its name is counted, not drawn: two instances that make it at the same moment choose
 * the same name, and insert-if-absent leaves one of the two.
 */
export function nextKey(
  keys: readonly StoredKey[],
  series: KeySeries,
  status: KeyStatus,
  now: number,
): KeyRequest {
  const prefix = prefixOf(series);
  const newest = keysOf(keys, series).at(-1);
  const number = newest === undefined ? 1 : Number(numberIn(newest, prefix)) + 1;
  return { series, name: `${prefix}${number}`, status, createdAt: now };
}

/** The key that must be made before this series can sign; undefined when it can. */
export function dueKey(keys: readonly StoredKey[], series: KeySeries, now: number): KeyRequest | undefined {
  const active = activeKey(keys, series);
  const due = active === undefined || (series.use === "x5c" && isRunningOut(active, series.ca, now));
  return due ? nextKey(keys, series, "active", now) : undefined;
}

/** A leaf that ends with its CA is the last one: another would end at the same moment. */
function isRunningOut(leaf: StoredKey, ca: StoredKey, now: number): boolean {
  return endOf(leaf) - now < LEAF_OVERLAP_SECONDS && endOf(leaf) < endOf(ca);
}

/** Whether a registry may still have to verify what this key signed, or will sign. */
export function isPublished(key: StoredKey, now: number): boolean {
  return key.retiredAt === undefined || now < key.retiredAt + RETIRED_SECONDS;
}

/** Whether nothing that this key signed can be valid any more, so that its record may go. */
export function isSpent(key: StoredKey, now: number): boolean {
  return !isPublished(key, now) || (key.use === "x5c" && isExpired(key, now));
}

export function isExpired(key: StoredKey, now: number): boolean {
  return endOf(key) <= now;
}

function endOf(key: StoredKey): number {
  return key.notAfter ?? Number.POSITIVE_INFINITY;
}

function prefixOf(series: KeySeries): string {
  if (series.use === "x5c") return `x5c-${series.ca.name.slice(prefixOf(CA_SERIES).length)}-`;
  return series.use === "pinned" ? `pinned-${series.registry}-` : `${series.use}-`;
}

/** The number in the key's name, as digits; undefined for a key of another series. */
function numberIn(key: StoredKey, prefix: string): string | undefined {
  const rest = key.name.slice(prefix.length);
  return key.name.startsWith(prefix) && /^[1-9][0-9]*$/.test(rest) ? rest : undefined;
}
