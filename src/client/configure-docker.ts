import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { err, ok, type Result } from "../domain/result.ts";
import { recordOf, withHelper, withoutHelper } from "./auth-file/auth-config.ts";
import { changeAuthConfig } from "./auth-file/auth-file.ts";
import { authFiles, dockerFolder } from "./auth-file/auth-places.ts";
import { parseRegistryName, type RegistryName } from "./auth-file/registry-name.ts";
import type { ClientEnvironment } from "./client-environment.ts";
import { type ClientProblem, clientProblem } from "./client-problem.ts";
import { findServer } from "./find-server.ts";
import { HELPER, HELPER_PROGRAM } from "./helper/helper-name.ts";
import { changeHelperSetting, type HelperSetting } from "./helper/helper-settings.ts";
import { malformedRegistry } from "./registry-problem.ts";

type Done = Result<void, ClientProblem>;

/**
 * Has the container tools ask the credential helper for these registries. What the settings leave out, the helper
 * takes from the environment of each call.
 *
 * @param program What `docker-credential-berth` is to be a link to, for the message where there is none.
 */
export async function configureDocker(
  environment: ClientEnvironment,
  registries: readonly string[],
  setting: Omit<HelperSetting, "server">,
  program: string,
): Promise<Done> {
  // Docker goes on without a login where the helper is missing, and says nothing.
  if (!isOnPath(environment.variables)) return err(clientProblem("helper_not_on_path", { program }));
  return forEachRegistry(registries, async (registry) => {
    const server = await findServer(environment, registry.host);
    if (!server.ok) return server;
    const set = { ...setting, server: server.value };
    const changed = await changeHelperSetting(environment, folderOf(environment), registry.key, set);
    return changed.ok ? changeHelper(environment, registry, true) : changed;
  });
}

/** Takes the helper out again for these registries. */
export function unconfigureDocker(
  environment: ClientEnvironment,
  registries: readonly string[],
): Promise<Done> {
  return forEachRegistry(registries, async (registry) => {
    const changed = await changeHelper(environment, registry, false);
    if (!changed.ok) return changed;
    const done = await changeHelperSetting(environment, folderOf(environment), registry.key, undefined);
    return done.ok ? ok(undefined) : done;
  });
}

async function changeHelper(
  environment: ClientEnvironment,
  { key }: RegistryName,
  isOn: boolean,
): Promise<Done> {
  for (const file of authFiles(environment.variables)) {
    const changed = await changeAuthConfig(environment, file, (config) => {
      if (isOn) return withHelper(config, key, HELPER);
      return recordOf(config.credHelpers)[key] === HELPER ? withoutHelper(config, key) : config;
    });
    if (!changed.ok) return changed;
  }
  return ok(undefined);
}

async function forEachRegistry(
  registries: readonly string[],
  change: (registry: RegistryName) => Promise<Done>,
): Promise<Done> {
  for (const text of registries) {
    const registry = parseRegistryName(text);
    if (registry === undefined) return err(malformedRegistry(text));
    const changed = await change(registry);
    if (!changed.ok) return changed;
  }
  return ok(undefined);
}

function folderOf({ variables }: ClientEnvironment): string {
  return dockerFolder(variables);
}

function isOnPath({ PATH = "" }: ClientEnvironment["variables"]): boolean {
  const names =
    process.platform === "win32" ? [`${HELPER_PROGRAM}.exe`, `${HELPER_PROGRAM}.cmd`] : [HELPER_PROGRAM];
  return PATH.split(delimiter).some((folder) => names.some((name) => isProgram(join(folder, name))));
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
