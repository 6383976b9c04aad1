import type { StoredKey } from "../../domain/keys/stored-key.ts";

/** Series by what stands before the number in their names (`domain/keys/key-series.ts`). */
const CA = "ca-";
const LEAVES = "x5c-";

/** What becomes of the store's keys, in the order of the writes. */
export interface KeyPlan {
  readonly remove: readonly string[];
  /** The newest of a series last, and the CA behind its leaves: until it is there, the same plan is made again. */
  readonly put: readonly StoredKey[];
  /** Names of the store's keys that stay though the backup does not have them: they came after it. */
  readonly kept: readonly string[];
}

/**
 * Which keys of a backup replace those of the store, by series. Names are counted, so a series that has gone on
 * since the backup shows it: then it stays, for registries hold its keys by now, and a key that was rotated away may
 * have been for cause. Another key under the same name shows that the store began anew after a loss: then the
 * series of the backup takes its place, for that is the one that registries know. Leaves follow their CA.
 *
 * Made again of what a broken-off restore left, it ends the same way.
 */
export function planKeys(backup: readonly StoredKey[], store: readonly StoredKey[]): KeyPlan {
  const wanted = bySeries(backup);
  const standing = bySeries(store);
  const isKept = (series: string) => hasGoneOn(standing.get(series) ?? [], wanted.get(series) ?? []);
  const stays = (series: string) => isKept(series.startsWith(LEAVES) ? CA : series);
  const series = [...new Set([...wanted.keys(), ...standing.keys()])];
  const replaced = series.filter((name) => !stays(name));
  const caLast = replaced.toSorted((left, right) => Number(left === CA) - Number(right === CA));
  const put = caLast.flatMap((name) => wanted.get(name) ?? []);
  const known = new Set(backup.map(({ publicJwk }) => publicJwk.kid));
  const names = new Set(put.map(({ name }) => name));
  return {
    put,
    remove: replaced
      .flatMap((name) => standing.get(name) ?? [])
      .map(({ name }) => name)
      .filter((name) => !names.has(name)),
    kept: series
      .filter(stays)
      .flatMap((name) => standing.get(name) ?? [])
      .filter(({ publicJwk }) => !known.has(publicJwk.kid))
      .map(({ name }) => name),
  };
}

/** Whether the store's keys of a series are those of the backup, or others that came after them. */
function hasGoneOn(standing: readonly StoredKey[], wanted: readonly StoredKey[]): boolean {
  const kidOf = new Map(standing.map((key) => [key.name, key.publicJwk.kid]));
  const replaced = wanted.some(({ name, publicJwk }) => kidOf.has(name) && kidOf.get(name) !== publicJwk.kid);
  return !replaced && newest(standing) >= newest(wanted);
}

function newest(keys: readonly StoredKey[]): number {
  const last = keys.at(-1);
  return last === undefined ? 0 : numberOf(last);
}

/** The keys by what stands before the number in their names, the oldest first. */
function bySeries(keys: readonly StoredKey[]): ReadonlyMap<string, readonly StoredKey[]> {
  return Map.groupBy(
    keys.toSorted((left, right) => numberOf(left) - numberOf(right)),
    seriesOf,
  );
}

function seriesOf({ name }: StoredKey): string {
  return name.replace(/[0-9]+$/, "");
}

function numberOf(key: StoredKey): number {
  return Number(key.name.slice(seriesOf(key).length));
}
