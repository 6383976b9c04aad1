import { err, ok, type Result } from "../../domain/result.ts";
import { type KeyDeps, recordKeyChange } from "./key-deps.ts";

export interface RewrappedKeys {
  /** Names of the records that this call has rewritten. */
  readonly rewritten: readonly string[];
}

/**
 * Puts the private part of every key under the first encryption key, so that the others may leave
 * `BERTH_ENCRYPTION_KEY`. Broken off at any moment, the next call goes on. Each record is read again just before it
 * is written; a key that is rotated in that very moment would be set back, so the two are not run together.
 *
 * @returns A sentence for each record that cannot be read; then nothing was written.
 */
export async function rewrapKeys(
  deps: KeyDeps,
  requestId: string,
): Promise<Result<RewrappedKeys, readonly string[]>> {
  const { directory, maker } = deps;
  const keys = await directory.readKeys();
  const faults = await Promise.all(keys.map((key) => maker.findFault(key)));
  const unreadable = faults.filter((fault) => fault !== undefined);
  if (unreadable.length > 0) return err(unreadable);
  const rewritten: string[] = [];
  for (const { name } of keys) {
    if (await rewrap(deps, name)) rewritten.push(name);
  }
  if (rewritten.length > 0) {
    await recordKeyChange(deps, requestId, rewritten.map((name) => `key ${name}: rewrapped`).join(", "));
  }
  return ok({ rewritten });
}

/** Whether it was written: not when it stands under the first key already, or is gone. */
async function rewrap({ directory, maker }: KeyDeps, name: string): Promise<boolean> {
  const key = (await directory.readKeys()).find((candidate) => candidate.name === name);
  const next = key && (await maker.rewrap(key));
  if (next === undefined) return false;
  await directory.replaceKey(next);
  return true;
}
