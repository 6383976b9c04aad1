import { activeKey, CA_SERIES, nextKey } from "../../domain/keys/key-series.ts";
import type { StoredKey } from "../../domain/keys/stored-key.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { CaFiles } from "../key-ports.ts";
import { removeDeadKeys } from "./init-keys.ts";
import { type KeyDeps, recordKeyChange, secondsNow } from "./key-deps.ts";
import { type KeySummary, summarizeKey } from "./list-keys.ts";

export interface ImportedCa {
  readonly ca: KeySummary;
  /** False: the store had this very CA. */
  readonly changed: boolean;
  /** Names of the records that it put out of use. */
  readonly removed: readonly string[];
}

/** A CA's file, as `exportCa` gave it. */
export interface CaFile {
  readonly text: string;
  readonly passphrase: string;
}

/**
 * Makes the CA in a file that of the store. Where there is another it needs `replace`: that one goes with its
 * leaves, and registries that trust it refuse every token until they are given the certificate of this one.
 * Running it again after a crash ends the same way.
 *
 * @returns A sentence with the mend; then nothing was written.
 */
export async function importCa(
  deps: KeyDeps & { readonly caFiles: CaFiles },
  file: CaFile,
  { replace }: { readonly replace: boolean },
  requestId: string,
): Promise<Result<ImportedCa, string>> {
  const keys = await deps.directory.readKeys();
  const current = activeKey(keys, CA_SERIES);
  const request = nextKey(keys, CA_SERIES, "active", secondsNow(deps.clock));
  const read = await deps.caFiles.read(file.text, file.passphrase, request);
  if (!read.ok) return read;
  const { value: ca } = read;
  if (current !== undefined) {
    const same = current.publicJwk.kid === ca.publicJwk.kid;
    // One that no encryption key opens any more gets a record anew.
    const opens = (await deps.maker.findFault(current)) === undefined;
    if (same && opens) return ok(await finish(deps, current, false, requestId));
    if (!same && !replace)
      return err(`the store has a CA, ${current.name}: to put this one in its place, say --replace`);
  }
  if (!(await deps.directory.addKey(ca))) return err("another process made a CA at this moment: try again");
  await recordKeyChange(deps, requestId, `key ${ca.name}: imported CA`);
  return ok(await finish(deps, ca, true, requestId));
}

/** Also for a CA that is there already: a crash may have left the one before it. */
async function finish(
  deps: KeyDeps,
  ca: StoredKey,
  changed: boolean,
  requestId: string,
): Promise<ImportedCa> {
  const removed = await removeDeadKeys(deps, await deps.directory.readKeys(), ca, changed, requestId);
  return { ca: summarizeKey(ca), changed, removed };
}
