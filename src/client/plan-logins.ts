import { ok, type Result } from "../domain/result.ts";
import type { ClientEnvironment } from "./client-environment.ts";
import type { ClientProblem } from "./client-problem.ts";
import type { Earned } from "./exchange-answer.ts";
import { hashOf } from "./exchange-id.ts";
import { targetOf } from "./file-login.ts";
import { jobMark, jobPlace } from "./job-place.ts";
import type { LoginPlace } from "./login-place.ts";
import { isSameLogin, type LoginRecord, readLoginRecords } from "./login-records.ts";
import type { ServerVisit } from "./plan-visits.ts";

/** What was earned, and for whom. */
export interface Filing {
  readonly visit: ServerVisit;
  readonly earned: Earned;
  readonly exchangeId: string;
}

interface PlannedLogins {
  readonly logins: readonly LoginRecord[];
  /** Of earlier logins of this job, those whose entries these take. */
  readonly replaced: readonly LoginRecord[];
}

/** Which logins a credential makes, and where each will be filed; nothing is written yet. */
export async function planLogins(
  environment: ClientEnvironment,
  { folder, files }: LoginPlace,
  { visit, earned, exchangeId }: Filing,
): Promise<Result<PlannedLogins, ClientProblem>> {
  const job = jobMark(jobPlace(environment.variables));
  const before = (await readLoginRecords(folder)).logins.filter((record) => record.job === job);
  const succeeded = before.filter((record) => record.exchangeId === exchangeId);
  const { username: robot, credential, scope, expiresAt } = earned;
  const { server } = visit;
  const common = { server, robot, scope, expiresAt, exchangeId, job, hash: hashOf(credential.expose()) };
  const logins: LoginRecord[] = [];
  for (const key of new Set([...visit.registries, ...succeeded].map((login) => login.key))) {
    const filed: LoginRecord["filed"][number][] = [];
    for (const file of files) {
      const target = await targetOf(file, key);
      if (!target.ok) return target;
      filed.push(target.value);
    }
    logins.push({ ...common, key, filed });
  }
  const replaced = before.filter(
    (record) =>
      logins.some(({ key }) => key === record.key) && !logins.some((login) => isSameLogin(login, record)),
  );
  return ok({ logins, replaced });
}
