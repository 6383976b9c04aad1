import { parseAuthConfig, recordOf } from "./auth-file/auth-config.ts";
import type { ClientEnvironment } from "./client-environment.ts";
import { type ClientProblem, clientProblem } from "./client-problem.ts";

const NAME = "DOCKER_AUTH_CONFIG";

/** Docker from 28.3 on takes a login in this variable before any in a file; GitLab's jobs often have it for their image. */
export function hidingVariable(
  { variables }: ClientEnvironment,
  keys: readonly string[],
): ClientProblem | undefined {
  const config = parseAuthConfig(variables[NAME], NAME);
  const auths = config.ok ? recordOf(config.value.auths) : {};
  const registry = keys.find((key) => Object.hasOwn(auths, key));
  return registry === undefined ? undefined : clientProblem("auth_variable_hides", { registry });
}
