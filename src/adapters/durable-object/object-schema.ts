import type { DurableObjectStorage } from "@cloudflare/workers-types";
import { EVENT_TABLES, LEDGER_TABLES, MIGRATIONS, StoreVersionError } from "../sqlite/schema.ts";

/**
 * The steps of a class of objects from one version of its schema to the next, as `MIGRATIONS` are those of the file: a
 * step that was deployed is never changed, the next one is appended.
 */
export type ObjectSteps = readonly string[];

/** The index of namespaces' names, and all tables of the file. First what is not the file's, whose list goes on. */
export const DIRECTORY_STEPS: ObjectSteps = [
  "CREATE TABLE namespace_names (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;",
  ...MIGRATIONS,
];
/** All 64 are made at the first start, and someone waits for it. */
export const LEDGER_STEPS: ObjectSteps = [LEDGER_TABLES + EVENT_TABLES];

/** How many steps an object has had; SQLite's `user_version` is not for objects. */
const VERSION_KEY = "schema";

/**
 * Brings an object to this release's schema, if anything was ever written to it, and returns whether. Throws
 * StoreVersionError for one that a newer release has written.
 */
export function openSchema(storage: DurableObjectStorage, steps: ObjectSteps): boolean {
  const version = storage.kv.get<number>(VERSION_KEY);
  if (version === undefined) return false;
  if (version > steps.length) {
    throw new StoreVersionError(
      `an object of the store has schema version ${version}, and this release of Berth knows versions up to ` +
        `${steps.length}: deploy the newer release`,
    );
  }
  if (version < steps.length) storage.transactionSync(() => takeSteps(storage, steps, version));
  return true;
}

/** In a transaction. */
export function takeSteps({ sql, kv }: DurableObjectStorage, steps: ObjectSteps, from: number): void {
  for (const step of steps.slice(from)) sql.exec(step);
  kv.put(VERSION_KEY, steps.length);
}
