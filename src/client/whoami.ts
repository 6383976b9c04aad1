import { JsonNumber, type JsonValue } from "../domain/identity/strict-json.ts";
import { err, ok, type Result } from "../domain/result.ts";
import { exchangeIdentity, revokeCredential } from "./berth-client.ts";
import { type ClientProblem, clientProblem } from "./client-problem.ts";
import { newRetryKey } from "./exchange-id.ts";
import type { ClientContext } from "./job-console.ts";
import { findJobIdentity } from "./job-identity/find-job-identity.ts";
import type { JobIdentity } from "./job-identity/job-identity.ts";
import { jobMark, jobPlace } from "./job-place.ts";
import { knownLoginFolders } from "./login-place.ts";
import { type LoginRecord, readLoginRecords } from "./login-records.ts";
import { ownClaims } from "./own-claims.ts";

/** Who the job is: what its platform says, and what Berth gave it. Nothing that opens anything. */
export interface Whoami {
  readonly server: string;
  readonly platform: string;
  /** The token's own claims: decoded, and verified by nobody here. */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly logins: readonly Pick<LoginRecord, "key" | "server" | "robot" | "scope" | "expiresAt">[];
  /** What Berth says of a robot account; missing where it was not asked. */
  readonly answer?: ServerAnswer;
}

export type ServerAnswer =
  | { readonly granted: string; readonly seconds: number }
  | { readonly refused: ClientProblem }
  | { readonly unasked: string };

/** @param robot Whom the job would be at the server. Asked only where that does not use up its one identity token. */
export async function whoami(
  context: ClientContext,
  server: string,
  robot: string | undefined,
): Promise<Result<Whoami, ClientProblem>> {
  const identity = await findJobIdentity(context.environment, server);
  if (!identity.ok) return identity;
  const { platform, token } = identity.value;
  const claims = ownClaims(token);
  if (claims === undefined) return err(clientProblem("identity_malformed", { source: platform }));
  const shown = Object.fromEntries([...claims].map(([name, value]) => [name, plainValue(value)]));
  const answer = robot === undefined ? {} : { answer: await ask(context, server, robot, identity.value) };
  return ok({ server, platform, claims: shown, logins: await loginsOf(context), ...answer });
}

async function loginsOf({ environment }: ClientContext): Promise<Whoami["logins"]> {
  const job = jobMark(jobPlace(environment.variables));
  const logins: LoginRecord[] = [];
  for (const folder of knownLoginFolders(environment.variables)) {
    const records = await readLoginRecords(folder);
    const isOwn = (record: LoginRecord) => record.job === job || records.madeFor !== undefined;
    logins.push(...records.logins.filter(isOwn));
  }
  return logins.map(({ key, server, robot, scope, expiresAt }) => ({ key, server, robot, scope, expiresAt }));
}

async function ask(
  { environment }: ClientContext,
  server: string,
  robot: string,
  identity: JobIdentity,
): Promise<ServerAnswer> {
  // A file may be written anew, or not: its one token is the login's.
  if (!identity.renewable || identity.platform === "explicit") {
    return { unasked: "this job may have one identity token only, and asking would use it up" };
  }
  const retryKey = newRetryKey(environment);
  const earned = await exchangeIdentity(environment, { server, robot, identity, scopes: [], retryKey });
  if (!earned.ok) return { refused: earned.error };
  const { credential, scope, expiresAt } = earned.value;
  const seconds = expiresAt - Math.floor(environment.now() / 1000);
  await revokeCredential(environment, { server, credential });
  return { granted: scope, seconds };
}

function plainValue(value: JsonValue): unknown {
  if (value instanceof JsonNumber) return value.toInteger() ?? value.digits;
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([name, member]) => [name, plainValue(member)]));
  }
  return Array.isArray(value) ? value.map(plainValue) : value;
}
