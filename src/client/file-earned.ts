import { ok, type Result } from "../domain/result.ts";
import { revokeCredential } from "./berth-client.ts";
import type { ClientEnvironment } from "./client-environment.ts";
import type { ClientProblem } from "./client-problem.ts";
import { fileLogin, unfileLogin } from "./file-login.ts";
import type { LoginPlace } from "./login-place.ts";
import { changeLoginRecords, isSameLogin, type LoginRecord } from "./login-records.ts";
import { type Filing, planLogins } from "./plan-logins.ts";
import { passwordsOf, revokeUnused } from "./replaced-credentials.ts";

/**
 * Files a credential for the visit's registries, and for those whose credential it succeeds. It is recorded first: a
 * job that is cut short between the two leaves nothing behind that its logout does not find.
 */
export async function fileEarned(
  environment: ClientEnvironment,
  place: LoginPlace,
  filing: Filing,
): Promise<Result<readonly LoginRecord[], ClientProblem>> {
  const planned = await planLogins(environment, place, filing);
  if (!planned.ok) return planned;
  const { logins, replaced } = planned.value;
  const passwords = await passwordsOf(environment, replaced);
  const filed = await fileAll(environment, place, filing, logins);
  if (!filed.ok) {
    await takeBack(environment, place, filing, logins);
    await revokeUnused(environment, passwords, await passwordsOf(environment, replaced));
    return filed;
  }
  const settled = await changeLoginRecords(environment, place.folder, (records) => ({
    ...records,
    logins: without(records.logins, replaced),
  }));
  if (!settled.ok) return settled;
  await revokeUnused(environment, passwords, settled.value.logins);
  return ok(logins.filter(({ key }) => filing.visit.registries.some((registry) => registry.key === key)));
}

async function fileAll(
  environment: ClientEnvironment,
  { folder }: LoginPlace,
  { earned }: Filing,
  logins: readonly LoginRecord[],
): Promise<Result<unknown, ClientProblem>> {
  const login = { username: earned.username, password: earned.credential.expose() };
  const recorded = await changeLoginRecords(environment, folder, (records) => ({
    ...records,
    logins: [...without(records.logins, logins), ...logins],
  }));
  if (!recorded.ok) return recorded;
  for (const { key, filed } of logins) {
    for (const target of filed) {
      const done = await fileLogin(environment, target, key, login);
      if (!done.ok) return done;
    }
  }
  return ok(undefined);
}

/** Half a login is none: the job is told that it failed, and what it earned must not live on where nobody looks. */
async function takeBack(
  environment: ClientEnvironment,
  { folder }: LoginPlace,
  { visit, earned }: Filing,
  logins: readonly LoginRecord[],
): Promise<void> {
  for (const record of logins) {
    for (const target of record.filed) await unfileLogin(environment, target, record);
  }
  await changeLoginRecords(environment, folder, (records) => ({
    ...records,
    logins: without(records.logins, logins),
  }));
  // Nobody has it now. Revoked, it would take the job's only identity token with it.
  const { server, identity } = visit;
  if (identity.renewable) await revokeCredential(environment, { server, credential: earned.credential });
}

function without(records: readonly LoginRecord[], others: readonly LoginRecord[]): readonly LoginRecord[] {
  return records.filter((record) => !others.some((other) => isSameLogin(record, other)));
}
