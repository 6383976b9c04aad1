import { ok, type Result } from "../domain/result.ts";
import type { ClientProblem } from "./client-problem.ts";
import type { Wish } from "./exchange-id.ts";
import { hidingVariable } from "./hiding-variable.ts";
import { type ClientContext, problemText } from "./job-console.ts";
import { loginAtServer } from "./login-at-server.ts";
import { openLoginPlace } from "./login-place.ts";
import type { LoginRecord } from "./login-records.ts";
import { planVisits } from "./plan-visits.ts";

export interface LoginRequest extends Omit<Wish, "server"> {
  /** One or more, as people name them. */
  readonly registries: readonly string[];
  /** Whether to file in a configuration of the job's own; undefined: where other jobs share the machine. */
  readonly isPrivate?: boolean;
}

export interface LoggedIn {
  readonly logins: readonly LoginRecord[];
  /** The Docker configuration's folder. */
  readonly folder: string;
}

/**
 * Logs the job in to registries: those of one server with one credential, which is good at all that its robot account
 * may use. Nothing is made or changed before the job has an identity for each server.
 */
export async function login(
  context: ClientContext,
  request: LoginRequest,
): Promise<Result<LoggedIn, ClientProblem>> {
  const visits = await planVisits(context.environment, request.registries);
  if (!visits.ok) return visits;
  const keys = visits.value.flatMap(({ registries }) => registries.map(({ key }) => key));
  const place = await openLoginPlace(context, keys, request.isPrivate);
  if (!place.ok) return place;
  const logins: LoginRecord[] = [];
  for (const visit of visits.value) {
    const done = await loginAtServer(context, place.value, visit, request);
    if (!done.ok) return done;
    logins.push(...done.value);
  }
  const hiding = hidingVariable(context.environment, keys);
  if (hiding !== undefined) context.console.note(problemText(hiding));
  return ok({ logins, folder: place.value.folder });
}
