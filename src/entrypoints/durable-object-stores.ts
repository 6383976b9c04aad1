import { DurableObjectAuditLog } from "../adapters/audit/durable-object-audit-log.ts";
import { DurableObjectApiTokens } from "../adapters/directory/durable-object-api-tokens.ts";
import { DurableObjectDirectory } from "../adapters/directory/durable-object-directory.ts";
import type { ObjectBindings } from "../adapters/durable-object/bindings.ts";
import { ObjectCalls } from "../adapters/durable-object/object-calls.ts";
import { DurableObjectLedger } from "../adapters/ledger/durable-object-ledger.ts";
import { DurableObjectNearMisses } from "../adapters/ledger/durable-object-near-misses.ts";
import { DurableObjectSweeper } from "../adapters/sweeper/durable-object-sweeper.ts";
import type { Stores } from "./stores.ts";

export interface DurableObjectOptions {
  /** How long one call of an object may take, in milliseconds (`BERTH_STORE_TIMEOUT_MS`). */
  readonly timeoutMs: number;
  /** What the names of all objects begin with: stores with another prefix share nothing. "" if absent. */
  readonly namePrefix?: string;
}

/**
 * Every port on Durable Objects. Opens nothing and holds no stub, so that it may stand at module level; the first
 * request of an isolate awaits `ledger.open()`, which is one call once all shards have been opened.
 */
export function openDurableObjectStores(
  bindings: ObjectBindings,
  { timeoutMs, namePrefix = "" }: DurableObjectOptions,
): Stores {
  const objects = new ObjectCalls(bindings, namePrefix, timeoutMs);
  return {
    name: "durable-object",
    directory: new DurableObjectDirectory(objects),
    apiTokens: new DurableObjectApiTokens(objects),
    ledger: new DurableObjectLedger(objects),
    nearMisses: new DurableObjectNearMisses(objects),
    auditLog: new DurableObjectAuditLog(objects),
    sweeper: new DurableObjectSweeper(objects),
    warnings: [],
    close: () => undefined,
  };
}
