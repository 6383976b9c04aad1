import { activeKey, CA_SERIES } from "../../domain/keys/key-series.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { CaFiles } from "../key-ports.ts";
import { type KeyDeps, recordKeyChange } from "./key-deps.ts";
import { type KeySummary, summarizeKey } from "./list-keys.ts";

export interface ExportedCa {
  readonly ca: KeySummary;
  /** Certificate and private key, the key under the passphrase. */
  readonly file: string;
}

/**
 * The CA for safekeeping outside the store, with an event: whoever has file and passphrase signs as Berth does.
 *
 * @returns A sentence, when there is no CA.
 */
export async function exportCa(
  deps: KeyDeps & { readonly caFiles: CaFiles },
  passphrase: string,
  requestId: string,
): Promise<Result<ExportedCa, string>> {
  const ca = activeKey(await deps.directory.readKeys(), CA_SERIES);
  if (ca === undefined) return err("there is no CA yet: start Berth, or run `berth keys init`");
  const file = await deps.caFiles.write(ca, passphrase);
  await recordKeyChange(deps, requestId, `key ${ca.name}: exported`);
  return ok({ ca: summarizeKey(ca), file });
}
