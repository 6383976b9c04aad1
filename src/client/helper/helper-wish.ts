import { err, ok, type Result } from "../../domain/result.ts";
import { recordOf } from "../auth-file/auth-config.ts";
import { readAuthConfig } from "../auth-file/auth-file.ts";
import { authFiles, dockerFolder } from "../auth-file/auth-places.ts";
import type { RegistryName } from "../auth-file/registry-name.ts";
import type { ClientEnvironment } from "../client-environment.ts";
import { type ClientProblem, clientProblem } from "../client-problem.ts";
import type { Wish } from "../exchange-id.ts";
import { HELPER } from "./helper-name.ts";
import { type HelperSetting, readHelperSettings } from "./helper-settings.ts";

/** What the helper asks for; without a server, the registry says which. */
export type HelperWish = Omit<Wish, "server"> & { readonly server?: string };

type Variables = ClientEnvironment["variables"];

/**
 * What to ask for on behalf of a registry; undefined for one that was never named. A client asks for every registry
 * that an image's name holds, where the helper is its default: what it got, it would show to that registry, or to
 * whom that registry names.
 */
export async function helperWish(
  { variables }: ClientEnvironment,
  { host, key }: RegistryName,
): Promise<Result<HelperWish, ClientProblem> | undefined> {
  const settings = await readHelperSettings(dockerFolder(variables));
  const setting = Object.hasOwn(settings, key) ? settings[key] : undefined;
  if (setting === undefined && !(await isNamed(variables, key))) return undefined;
  return wishBy(variables, host, setting ?? {});
}

/** What a person set for this registry goes before what happens to be in the environment. */
function wishBy(
  variables: Variables,
  registry: string,
  { server = variables.BERTH_SERVER, robot = variables.BERTH_ROBOT, scopes = [], ttl }: HelperSetting,
): Result<HelperWish, ClientProblem> {
  if (!robot) return err(clientProblem("robot_missing", { registry }));
  return ok({ robot, scopes, ...(server ? { server } : {}), ...(ttl === undefined ? {} : { ttl }) });
}

async function isNamed(variables: Variables, key: string): Promise<boolean> {
  for (const file of authFiles(variables)) {
    const config = await readAuthConfig(file);
    if (config.ok && recordOf(config.value.credHelpers)[key] === HELPER) return true;
  }
  return false;
}
