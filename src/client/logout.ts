import { Secret } from "../domain/accounts/secret.ts";
import { err, ok, type Result } from "../domain/result.ts";
import { parseRegistryName } from "./auth-file/registry-name.ts";
import { revokeCredential } from "./berth-client.ts";
import type { ClientEnvironment } from "./client-environment.ts";
import { type ClientProblem, clientProblem } from "./client-problem.ts";
import { filedPassword, unfileLogin } from "./file-login.ts";
import type { ClientContext } from "./job-console.ts";
import { jobMark, jobPlace } from "./job-place.ts";
import { exportVariables } from "./job-variables.ts";
import { knownLoginFolders } from "./login-place.ts";
import { changeLoginRecords, isSameLogin, type LoginRecord, readLoginRecords } from "./login-records.ts";
import { removePrivateConfig } from "./private-docker-config.ts";
import { malformedRegistry } from "./registry-problem.ts";

export interface LoggedOut {
  /** Registries whose login is gone, as the files name them. */
  readonly keys: readonly string[];
  /** What did not work; all else was done nevertheless. */
  readonly problems: readonly ClientProblem[];
}

/**
 * Ends this job's logins: revokes their credentials, takes their entries out, and removes a configuration that was
 * made for the job. What others filed stays. Done again, it does nothing.
 *
 * @param registries None: all of this job's.
 */
export async function logout(
  context: ClientContext,
  registries: readonly string[],
): Promise<Result<LoggedOut, ClientProblem>> {
  const keys: string[] = [];
  for (const registry of registries) {
    const name = parseRegistryName(registry);
    if (name === undefined) return err(malformedRegistry(registry));
    keys.push(name.key);
  }
  const done: LoggedOut[] = [];
  for (const folder of knownLoginFolders(context.environment.variables)) {
    done.push(await logoutIn(context, folder, keys));
  }
  return ok({
    keys: [...new Set(done.flatMap((each) => each.keys))],
    problems: done.flatMap((each) => each.problems),
  });
}

async function logoutIn(context: ClientContext, folder: string, keys: readonly string[]): Promise<LoggedOut> {
  const { environment } = context;
  const records = await readLoginRecords(folder);
  const job = jobMark(jobPlace(environment.variables));
  const isWanted = (record: LoginRecord) =>
    (record.job === job || records.madeFor !== undefined) && (keys.length === 0 || keys.includes(record.key));
  const ended = records.logins.filter(isWanted);
  if (ended.length === 0 && records.madeFor === undefined) return { keys: [], problems: [] };
  const kept = records.logins.filter((record) => !isWanted(record));
  const problems = [...(await revokeAll(environment, ended, kept)), ...(await unfileAll(environment, ended))];
  if (records.madeFor !== undefined && kept.length === 0) {
    await removePrivateConfig(folder);
    exportVariables(context, records.madeFor.previous);
  } else {
    const forgotten = await changeLoginRecords(environment, folder, (current) => forget(current, ended));
    if (!forgotten.ok) problems.push(forgotten.error);
  }
  return { keys: ended.map(({ key }) => key), problems };
}

/** Before the entries go, which have the only copies. */
async function revokeAll(
  environment: ClientEnvironment,
  ended: readonly LoginRecord[],
  kept: readonly LoginRecord[],
): Promise<ClientProblem[]> {
  const problems: ClientProblem[] = [];
  const done = new Set(kept.map(({ hash }) => hash));
  for (const record of ended) {
    if (done.has(record.hash) || record.expiresAt * 1000 <= environment.now()) continue;
    const password = await passwordOf(environment, record);
    if (password === undefined) continue;
    done.add(record.hash);
    const { server } = record;
    const credential = new Secret("credential", password);
    const revoked = await revokeCredential(environment, { server, credential });
    if (!revoked.ok) problems.push(revocationProblem(record, revoked.error));
  }
  return problems;
}

/** Undefined where every entry has become another login's: that credential ends by its time. */
async function passwordOf(environment: ClientEnvironment, record: LoginRecord): Promise<string | undefined> {
  for (const filed of record.filed) {
    const password = await filedPassword(environment, filed, record);
    if (password !== undefined) return password;
  }
  return undefined;
}

function revocationProblem({ server, expiresAt }: LoginRecord, { message: told }: ClientProblem) {
  const expires = new Date(expiresAt * 1000).toISOString();
  return clientProblem("revocation_failed", { server, told, expires });
}

async function unfileAll(
  environment: ClientEnvironment,
  ended: readonly LoginRecord[],
): Promise<ClientProblem[]> {
  const problems: ClientProblem[] = [];
  for (const record of ended) {
    for (const filed of record.filed) {
      const unfiled = await unfileLogin(environment, filed, record);
      if (!unfiled.ok) problems.push(unfiled.error);
    }
  }
  return problems;
}

function forget<Records extends { readonly logins: readonly LoginRecord[]; readonly retryKeys: object }>(
  records: Records,
  ended: readonly LoginRecord[],
): Records {
  const logins = records.logins.filter((record) => !ended.some((login) => isSameLogin(login, record)));
  const inUse = new Set(logins.map(({ exchangeId }) => exchangeId));
  const over = new Set(ended.map(({ exchangeId }) => exchangeId).filter((id) => !inUse.has(id)));
  const retryKeys = Object.fromEntries(Object.entries(records.retryKeys).filter(([id]) => !over.has(id)));
  return { ...records, logins, retryKeys };
}
