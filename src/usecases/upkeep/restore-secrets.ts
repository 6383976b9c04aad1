import type { ApiToken } from "../../domain/accounts/api-token.ts";
import { secondsNow } from "./key-deps.ts";
import { type RestoreRun, stepEvent } from "./restore-run.ts";
import { planKeys } from "./restored-keys.ts";

export interface RestoredSecrets {
  /** Names of keys that are not in the backup and stay, since they came after it. */
  readonly keysKept: readonly string[];
  /** API tokens of the backup that did not come back. */
  readonly apiTokensLost: number;
  readonly apiTokensRevived: number;
  /** API tokens that the backup does not have. */
  readonly apiTokensRemoved: number;
}

/** Berth's own keys, in an order that a repeat takes up wherever it was broken off. */
export async function restoreKeys(run: RestoreRun): Promise<Pick<RestoredSecrets, "keysKept">> {
  const { directory, ledger } = run.deps;
  const { remove, put, kept } = planKeys(run.backup.keys, await directory.readKeys());
  for (const name of remove) await directory.removeKey(name);
  for (const key of put) await directory.replaceKey(key);
  const detail = [
    ...remove.map((name) => `key ${name}: removed`),
    ...put.map(({ name }) => `key ${name}: restored`),
  ];
  if (detail.length > 0) await ledger.record([stepEvent(run, "keys.changed", { detail: detail.join(", ") })]);
  return { keysKept: kept };
}

/** A token that the store does not have is not alive: it was revoked, or its store was lost. */
export async function restoreTokens(run: RestoreRun): Promise<Omit<RestoredSecrets, "keysKept">> {
  const { deps, backup, withTokens } = run;
  const present = await deps.apiTokens.list();
  const wanted = new Set(backup.apiTokens.map(({ id }) => id));
  const others = present.filter(({ id }) => !wanted.has(id));
  for (const token of others) await deps.apiTokens.remove(token.id, eventOf(run, "api_token.revoked", token));
  const alive = new Set(present.map(({ id }) => id));
  const now = secondsNow(deps.clock);
  const dead = backup.apiTokens.filter(({ id, expiresAt }) => !alive.has(id) && expiresAt > now);
  const revived = withTokens ? dead : [];
  for (const token of revived) await deps.apiTokens.add(token, eventOf(run, "api_token.created", token));
  return {
    apiTokensLost: dead.length - revived.length,
    apiTokensRevived: revived.length,
    apiTokensRemoved: others.length,
  };
}

function eventOf(run: RestoreRun, kind: "api_token.created" | "api_token.revoked", { id }: ApiToken) {
  return stepEvent(run, kind, { detail: `API token ${id}, by a restore` });
}
