import { ConfigurationError } from "./configuration-error.ts";
import type { Stores } from "./stores.ts";

/**
 * Throws ConfigurationError while a restore is not finished: half a backup among records of before is nobody's store,
 * and must neither answer nor be changed.
 */
export async function refuseHalfRestored({ directory }: Pick<Stores, "directory">): Promise<void> {
  const state = await directory.readRestoreState();
  if (state === undefined) return;
  const since = new Date(state.startedAt * 1000).toISOString();
  throw new ConfigurationError([
    `a restore of this store, begun at ${since}, is not finished: run \`berth restore\` with the same file again`,
  ]);
}
