import { Secret } from "../domain/accounts/secret.ts";
import { ok, type Result } from "../domain/result.ts";
import { revokeCredential } from "./berth-client.ts";
import type { ClientProblem } from "./client-problem.ts";
import type { Earned } from "./exchange-answer.ts";
import { hashOf } from "./exchange-id.ts";
import { filedPassword, fileLogin } from "./file-login.ts";
import type { ClientContext } from "./job-console.ts";
import { jobMark, jobPlace } from "./job-place.ts";
import type { LoginPlace } from "./login-place.ts";
import { changeLoginRecords, type LoginRecord, readLoginRecords } from "./login-records.ts";
import type { ServerVisit } from "./plan-visits.ts";

interface Filing {
  readonly visit: ServerVisit;
  readonly earned: Earned;
  readonly exchangeId: string;
}

/** Files a credential for the visit's registries, and for those whose credential it succeeds; then records that. */
export async function fileEarned(
  context: ClientContext,
  place: LoginPlace,
  filing: Filing,
): Promise<Result<readonly LoginRecord[], ClientProblem>> {
  const { environment } = context;
  const { visit, exchangeId } = filing;
  const job = jobMark(jobPlace(environment.variables));
  const before = (await readLoginRecords(place.folder)).logins.filter((record) => record.job === job);
  const succeeded = before.filter((record) => record.exchangeId === exchangeId);
  const keys = new Set([...visit.registries, ...succeeded].map(({ key }) => key));
  const replaced = before.filter(({ key }) => keys.has(key));
  const passwords = await passwordsOf(context, replaced);
  const filed: LoginRecord[] = [];
  for (const key of keys) {
    const record = await fileOne(context, place, filing, { key, job });
    if (!record.ok) return record;
    filed.push(record.value);
  }
  const recorded = await changeLoginRecords(environment, place.folder, (records) => ({
    ...records,
    logins: [...records.logins.filter((record) => record.job !== job || !keys.has(record.key)), ...filed],
  }));
  if (!recorded.ok) return recorded;
  await revokeUnused(context, passwords, recorded.value.logins);
  return ok(filed.filter(({ key }) => visit.registries.some((registry) => registry.key === key)));
}

async function fileOne(
  { environment }: ClientContext,
  { files }: LoginPlace,
  { visit, earned, exchangeId }: Filing,
  { key, job }: Pick<LoginRecord, "key" | "job">,
): Promise<Result<LoginRecord, ClientProblem>> {
  const { username, credential, expiresAt, scope } = earned;
  const password = credential.expose();
  const filed: LoginRecord["filed"][number][] = [];
  for (const file of files) {
    const done = await fileLogin(environment, file, key, { username, password });
    if (!done.ok) return done;
    filed.push(done.value);
  }
  const { server } = visit;
  return ok({
    ...{ key, server, robot: username, scope, expiresAt, exchangeId, job },
    hash: hashOf(password),
    filed,
  });
}

interface Replaced {
  readonly server: string;
  readonly hash: string;
  readonly password: string;
}

async function passwordsOf(
  { environment }: ClientContext,
  records: readonly LoginRecord[],
): Promise<readonly Replaced[]> {
  const found: Replaced[] = [];
  for (const record of records) {
    const [filed] = record.filed;
    const password = filed && (await filedPassword(environment, filed, record));
    if (password !== undefined) found.push({ server: record.server, hash: record.hash, password });
  }
  return found;
}

/** What an earlier login of this job left is ended, unless another registry's entry is still the same. */
async function revokeUnused(
  { environment }: ClientContext,
  replaced: readonly Replaced[],
  logins: readonly LoginRecord[],
): Promise<void> {
  for (const { server, hash, password } of replaced) {
    if (logins.some((record) => record.hash === hash)) continue;
    // That it may fail is no fault of the new login: the old one ends by itself.
    await revokeCredential(environment, { server, credential: new Secret("credential", password) });
  }
}
