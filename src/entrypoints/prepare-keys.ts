import { randomUUID } from "node:crypto";
import type { Log } from "../adapters/log/json-lines.ts";
import type { Settings } from "../config/settings.ts";
import { openKeys } from "../usecases/upkeep/open-keys.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { keyDeps } from "./key-deps.ts";
import type { Stores } from "./stores.ts";

/**
 * Berth's own keys at a start, made where the store is fresh. Throws ConfigurationError for one that cannot be read.
 *
 * Before the declaration: a store that has records and no CA has lost it, and must not get another in silence.
 */
export async function prepareKeys(settings: Settings, stores: Stores, log: Log) {
  const deps = keyDeps(settings, stores);
  const opened = await openKeys(deps, randomUUID());
  if (!opened.ok) throw new ConfigurationError(opened.error);
  if (opened.value.newCa) log("info", "new CA", { key: opened.value.ca.name });
  return deps;
}
