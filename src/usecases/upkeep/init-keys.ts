import { activeKey, CA_SERIES, keysOf, nextKey } from "../../domain/keys/key-series.ts";
import type { StoredKey } from "../../domain/keys/stored-key.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { type KeyDeps, recordKeyChange, secondsNow } from "./key-deps.ts";
import { type KeySummary, summarizeKey } from "./list-keys.ts";

export interface InitializedKeys {
  readonly ca: KeySummary;
  /** Whether this call made it: every registry then needs its certificate. */
  readonly made: boolean;
  /** Names of the records that a new CA put out of use. */
  readonly removed: readonly string[];
}

const NO_CA =
  "the store has records but no CA: it may have been restored in part. Restore the keys too, or run " +
  "`berth keys init --new-ca` and give every registry the new CA certificate";

/**
 * Sees to it that there is a CA. A fresh store gets one; a store that has lost its own gets one only by `newCa`,
 * since no registry would know it.
 *
 * `newCa` makes another in any case, and removes the old one, its leaves, and every record that cannot be read.
 * Running it again after a crash ends the same way.
 *
 * @returns A sentence with the mend, when there is no CA and none may be made.
 */
export async function initKeys(
  deps: KeyDeps,
  options: { readonly newCa: boolean },
  requestId: string,
): Promise<Result<InitializedKeys, string>> {
  // Before the keys are read: another Berth that starts at this moment writes its CA first.
  const used = await isUsed(deps);
  const keys = await deps.directory.readKeys();
  const ca = activeKey(keys, CA_SERIES);
  if (!options.newCa) {
    if (ca) return ok({ ca: summarizeKey(ca), made: false, removed: [] });
    if (used || keys.length > 0) return err(NO_CA);
  }
  const request = nextKey(keys, CA_SERIES, "active", secondsNow(deps.clock));
  const made = await deps.directory.addKey(await deps.maker.make(request));
  if (made) await recordKeyChange(deps, requestId, `key ${request.name}: new CA`);
  const written = await deps.directory.readKeys();
  const current = activeKey(written, CA_SERIES);
  if (current === undefined) throw new Error("the directory lost the CA that was just written");
  const removed = options.newCa ? await removeDeadKeys(deps, written, current, made, requestId) : [];
  return ok({ ca: summarizeKey(current), made, removed });
}

async function isUsed({ directory }: KeyDeps): Promise<boolean> {
  return (await directory.listNamespaces()).length > 0 || (await directory.readSystem()).revision > 0;
}

/**
 * Removes what a new CA put out of use: every other CA, the leaves of those, and each record that cannot be read.
 *
 * @param made Whether `ca` was written just now.
 * @returns Names of the records that were removed.
 */
export async function removeDeadKeys(
  deps: KeyDeps,
  keys: readonly StoredKey[],
  ca: StoredKey,
  made: boolean,
  requestId: string,
): Promise<readonly string[]> {
  // A CA made just now has no leaves; those of a lost one of the same name would go on signing what nobody accepts.
  const leaves = made ? [] : keysOf(keys, { use: "x5c", ca });
  const removed: string[] = [];
  for (const key of keys) {
    const ofOtherCa = key.use === "ca" ? key.name !== ca.name : key.use === "x5c" && !leaves.includes(key);
    if (!ofOtherCa && (await deps.maker.findFault(key)) === undefined) continue;
    await deps.directory.removeKey(key.name);
    await recordKeyChange(deps, requestId, `key ${key.name}: removed`);
    removed.push(key.name);
  }
  return removed;
}
