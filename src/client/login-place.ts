import { existsSync } from "node:fs";
import { join } from "node:path";
import { ok, type Result } from "../domain/result.ts";
import { authFiles, dockerFolder } from "./auth-file/auth-places.ts";
import type { ClientEnvironment } from "./client-environment.ts";
import type { ClientProblem } from "./client-problem.ts";
import type { ClientContext } from "./job-console.ts";
import { type JobPlace, jobPlace } from "./job-place.ts";
import { exportVariables } from "./job-variables.ts";
import { changeLoginRecords, readLoginRecords } from "./login-records.ts";
import { makePrivateConfig, privateFolderOf } from "./private-docker-config.ts";

type Variables = ClientEnvironment["variables"];

/** Where logins are filed. */
export interface LoginPlace {
  /** The Docker configuration's folder, which holds the records too. */
  readonly folder: string;
  readonly files: readonly string[];
}

/** The variables by which the container tools find a configuration of the job's own. */
const VARIABLES = ["DOCKER_CONFIG", "REGISTRY_AUTH_FILE"] as const;

/**
 * The place for new logins.
 *
 * @param isPrivate Undefined: where the platform says that other jobs share the machine, and the job has not chosen a
 *   folder itself.
 */
export async function openLoginPlace(
  context: ClientContext,
  keys: readonly string[],
  isPrivate: boolean | undefined,
): Promise<Result<LoginPlace, ClientProblem>> {
  const { variables } = context.environment;
  const folder = dockerFolder(variables);
  const place = jobPlace(variables);
  const wanted = isPrivate ?? (place.isShared && !variables.DOCKER_CONFIG);
  // What an earlier step made is this job's already.
  if (!wanted || (await readLoginRecords(folder)).madeFor !== undefined) {
    return ok({ folder, files: authFiles(variables) });
  }
  return openPrivatePlace(context, place, keys);
}

async function openPrivatePlace(
  context: ClientContext,
  place: JobPlace,
  keys: readonly string[],
): Promise<Result<LoginPlace, ClientProblem>> {
  const { environment } = context;
  const made = await makePrivateConfig(environment, place, keys);
  if (!made.ok) return made;
  const folder = made.value;
  const previous = Object.fromEntries(VARIABLES.map((name) => [name, environment.variables[name] ?? ""]));
  const recorded = await changeLoginRecords(environment, folder, (records) => ({
    madeFor: { previous },
    ...records,
  }));
  if (!recorded.ok) return recorded;
  const file = join(folder, "config.json");
  exportVariables(context, { DOCKER_CONFIG: folder, REGISTRY_AUTH_FILE: file });
  return ok({ folder, files: [file] });
}

/** The places where this job may have logins: that of its variables, and its private one where those were lost. */
export function knownLoginFolders(variables: Variables): readonly string[] {
  const own = privateFolderOf(jobPlace(variables));
  const lost = own !== undefined && existsSync(own) ? [own] : [];
  return [...new Set([dockerFolder(variables), ...lost])];
}
