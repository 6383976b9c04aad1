import type { KeyMaker } from "../key-ports.ts";
import type { Clock, Directory, Ledger } from "../ports.ts";

/** What the use cases for Berth's own keys need. */
export interface KeyDeps {
  readonly directory: Pick<
    Directory,
    "readKeys" | "addKey" | "replaceKey" | "removeKey" | "listNamespaces" | "readSystem"
  >;
  readonly ledger: Pick<Ledger, "record">;
  readonly maker: KeyMaker;
  readonly clock: Clock;
}

/** Unix seconds. */
export function secondsNow(clock: Clock): number {
  return Math.floor(clock.now() / 1000);
}

/**
 * Leaves the record of a change of keys. After the change: the port has no transaction for both, and an event of
 * what did not happen would mislead more than an error about one that is missing.
 */
export async function recordKeyChange(
  deps: Pick<KeyDeps, "ledger" | "clock">,
  requestId: string,
  detail: string,
): Promise<void> {
  await deps.ledger.record([{ kind: "keys.changed", at: deps.clock.now(), requestId, detail }]);
}
