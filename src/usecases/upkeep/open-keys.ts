import { isExpired, isSpent } from "../../domain/keys/key-series.ts";
import type { StoredKey } from "../../domain/keys/stored-key.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { initKeys } from "./init-keys.ts";
import { type KeyDeps, secondsNow } from "./key-deps.ts";
import type { KeySummary } from "./list-keys.ts";

export interface OpenedKeys {
  readonly ca: KeySummary;
  /** Whether the store was fresh and got its CA now: to be said aloud, for registries have to be given it. */
  readonly newCa: boolean;
}

/**
 * The keys at a start: makes the CA of a fresh store, removes what is spent, and tries to read all the rest, so
 * that a wrong encryption key shows now and not at the first push.
 *
 * @returns Sentences that stop the start, each naming the record and the mend.
 */
export async function openKeys(
  deps: KeyDeps,
  requestId: string,
): Promise<Result<OpenedKeys, readonly string[]>> {
  const initialized = await initKeys(deps, { newCa: false }, requestId);
  if (!initialized.ok) return err([initialized.error]);
  const { ca, made } = initialized.value;
  await removeSpentKeys(deps);
  const problems: string[] = [];
  for (const key of await deps.directory.readKeys()) {
    const problem = await problemOf(deps, key);
    if (problem !== undefined) problems.push(problem);
  }
  return problems.length > 0 ? err(problems) : ok({ ca, newCa: made });
}

/** Removes the records of keys that signed nothing which could still be valid. */
export async function removeSpentKeys(deps: Pick<KeyDeps, "directory" | "clock">): Promise<void> {
  const now = secondsNow(deps.clock);
  for (const key of await deps.directory.readKeys()) {
    if (isSpent(key, now)) await deps.directory.removeKey(key.name);
  }
}

async function problemOf(deps: KeyDeps, key: StoredKey): Promise<string | undefined> {
  const fault = await deps.maker.findFault(key);
  if (fault !== undefined) {
    return `${fault}. Put that encryption key back, or, if it is lost, run \`berth keys init --new-ca\`, which removes what cannot be read`;
  }
  if (key.use === "ca" && isExpired(key, secondsNow(deps.clock))) {
    return `key record "${key.name}": the CA certificate has expired. Run \`berth keys init --new-ca\` and give every registry the new one`;
  }
  return undefined;
}
