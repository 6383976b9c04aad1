import { FILE_OWNER } from "../../domain/accounts/declaration.ts";
import { encodeBase64url } from "../../domain/identity/base64url.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { Backup } from "./backup-format.ts";
import { secondsNow } from "./key-deps.ts";
import { type RestoredAccounts, restoreAccounts } from "./restore-accounts.ts";
import { withRestoreLease } from "./restore-lease.ts";
import { type RestoreDeps, type RestoreOptions, type RestoreRun, stepEvent } from "./restore-run.ts";
import { type RestoredSecrets, restoreKeys, restoreTokens } from "./restore-secrets.ts";

/** What was done, and what an operator has to see to now. */
export interface Restored extends RestoredAccounts, RestoredSecrets {}

/**
 * Makes the store what the backup says, and revives nothing: credentials end with a new epoch, all nonces are new,
 * identity tokens of before are refused, and a robot token or API token comes back only if it is alive in the store
 * now, unless `withTokens`. Keys that the store has rotated since stay (`restored-keys.ts`).
 *
 * Broken off at any moment, it is ended by the same call with the same backup; until then no server starts. Checked
 * before anything is written: that the keys open, and that what stands may be replaced.
 *
 * @returns A sentence with the mend.
 */
export function restore(
  deps: RestoreDeps,
  backup: Backup,
  options: RestoreOptions,
  requestId: string,
): Promise<Result<Restored, string>> {
  const draw = () => encodeBase64url(deps.random(16));
  return withRestoreLease(deps, draw(), async (renew) => {
    const objection = (await objectionTo(deps, backup, options)) ?? (await unreadableKey(deps, backup));
    if (objection !== undefined) return err(`${objection}; nothing was written`);
    const { withTokens } = options;
    return restoreAll({ deps, backup, withTokens, requestId, renew, draw });
  });
}

/** Why the backup may not take the place of what the store has; undefined: it may. */
async function objectionTo(
  { directory, apiTokens }: RestoreDeps,
  backup: Backup,
  { replace }: RestoreOptions,
): Promise<string | undefined> {
  if (replace) return undefined;
  const state = await directory.readRestoreState();
  if (state !== undefined) {
    if (state.backup === backup.sha256) return undefined;
    return "the restore of another backup was broken off: end it with that file, or say --replace";
  }
  const { issuers, registries } = await directory.readSystem();
  const namespaces = await directory.listNamespaces();
  const lists = [issuers, registries, namespaces, await directory.readKeys(), await apiTokens.list()];
  if (lists.every(({ length }) => length === 0)) return undefined;
  return "the store is not empty: to replace what it has, say --replace";
}

/** Of the store's keys as well: which of them stay depends on what they are, and a new one may be the one to keep. */
async function unreadableKey({ directory, maker }: RestoreDeps, backup: Backup): Promise<string | undefined> {
  for (const key of backup.keys) {
    const fault = await maker.findFault(key);
    if (fault !== undefined) return `in the backup, ${fault}. Put that encryption key back`;
  }
  for (const key of await directory.readKeys()) {
    const fault = await maker.findFault(key);
    if (fault === undefined) continue;
    return `in the store, ${fault}. Put that encryption key back, or restore into an empty store`;
  }
  return undefined;
}

/** The epoch first: from then on nothing that was minted before lives, whatever becomes of the rest. */
async function restoreAll(run: RestoreRun): Promise<Result<Restored, string>> {
  const { deps, backup } = run;
  const { directory, ledger, clock } = deps;
  await directory.writeRestoreState({ backup: backup.sha256, startedAt: secondsNow(clock) });
  await ledger.startEpoch(stepEvent(run, "epoch.started", {}));
  const accounts = await restoreAccounts(run);
  if (!accounts.ok) return accounts;
  const secrets = { ...(await restoreKeys(run)), ...(await restoreTokens(run)) };
  await restoreDeclarations(run);
  const detail = `backup of ${backup.header.madeAt}, SHA-256 ${backup.sha256}`;
  await ledger.record([stepEvent(run, "store.restored", { detail })]);
  await directory.writeRestoreState(undefined);
  return ok({ ...accounts.value, ...secrets });
}

/**
 * The revisions alone, so that a lower one does not win. Without the digests: what is the same is applied once more,
 * the server's own file at the next start, and puts back the tokens that it declares.
 */
async function restoreDeclarations({ deps: { directory }, backup }: RestoreRun): Promise<void> {
  const revisions = new Map(
    backup.declarations.map(({ series = FILE_OWNER, revision }) => [series, revision]),
  );
  const present = await directory.listDeclarationStates();
  for (const series of new Set([FILE_OWNER, ...present.keys(), ...revisions.keys()])) {
    await directory.writeDeclarationState(series, { digest: "", revision: revisions.get(series) ?? 0 });
  }
}
