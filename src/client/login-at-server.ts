import { join } from "node:path";
import { err, ok, type Result } from "../domain/result.ts";
import { storeFor } from "./auth-file/auth-config.ts";
import { readAuthConfig } from "./auth-file/auth-file.ts";
import { withFileLock } from "./auth-file/file-lock.ts";
import { type ClientProblem, clientProblem } from "./client-problem.ts";
import { earnChecked } from "./earn-checked.ts";
import type { Earned } from "./exchange-answer.ts";
import { exchangeIdOf, newRetryKey, type Wish } from "./exchange-id.ts";
import { EXCHANGE_LOCK } from "./exchange-lock.ts";
import { fileEarned } from "./file-earned.ts";
import { HELPER } from "./helper/helper-name.ts";
import type { ClientContext } from "./job-console.ts";
import type { LoginPlace } from "./login-place.ts";
import { changeLoginRecords, type LoginRecord } from "./login-records.ts";
import type { ServerVisit } from "./plan-visits.ts";

/**
 * One exchange, and a login for each of the visit's registries. Two that would show the same identity for the same
 * wish take turns: the second one's credential is the successor of the first one's, and takes its place everywhere.
 */
export async function loginAtServer(
  context: ClientContext,
  place: LoginPlace,
  visit: ServerVisit,
  { robot, scopes, ttl }: Omit<Wish, "server">,
): Promise<Result<readonly LoginRecord[], ClientProblem>> {
  const wish: Wish = { server: visit.server, robot, scopes, ...(ttl === undefined ? {} : { ttl }) };
  const exchangeId = exchangeIdOf(visit.identity, wish);
  // An identity token may be good for one exchange only: what is wrong with the files is found before.
  const fit = await checkFiles(place, visit);
  if (!fit.ok) return fit;
  const lock = join(place.folder, `berth-logins.json.${exchangeId}.lock`);
  const done = await withFileLock(context.environment, lock, EXCHANGE_LOCK, async () => {
    const earned = await earn(context, place, visit, wish, exchangeId);
    if (!earned.ok) return earned;
    return fileEarned(context.environment, place, { visit, earned: earned.value, exchangeId });
  });
  return done.ok ? done.value : done;
}

async function checkFiles(
  { files }: LoginPlace,
  { registries }: ServerVisit,
): Promise<Result<void, ClientProblem>> {
  for (const file of files) {
    const config = await readAuthConfig(file);
    if (!config.ok) return config;
    const answered = registries.find(({ key }) => storeFor(config.value, key) === HELPER);
    if (answered) return err(clientProblem("helper_answers", { registry: answered.host, file }));
  }
  return ok(undefined);
}

async function earn(
  context: ClientContext,
  { folder }: LoginPlace,
  visit: ServerVisit,
  wish: Wish,
  exchangeId: string,
): Promise<Result<Earned, ClientProblem>> {
  const { environment } = context;
  const fresh = { key: newRetryKey(environment), madeAt: Math.floor(environment.now() / 1000) };
  // On the disk before it is used: whoever comes after a crash asks with the same one.
  const kept = await changeLoginRecords(environment, folder, (records) => ({
    ...records,
    retryKeys: { [exchangeId]: fresh, ...records.retryKeys },
  }));
  if (!kept.ok) return kept;
  const retryKey = kept.value.retryKeys[exchangeId]?.key ?? fresh.key;
  return earnChecked(context, visit, wish, retryKey);
}
