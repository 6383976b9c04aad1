import { join } from "node:path";
import { ok, type Result } from "../../domain/result.ts";
import { recordOf } from "../auth-file/auth-config.ts";
import { changeOwnJson, readOwnJson, writeOwnJson } from "../auth-file/own-json.ts";
import type { ClientEnvironment } from "../client-environment.ts";
import type { ClientProblem } from "../client-problem.ts";

/** How the helper answers for one registry. What is missing, the environment says: BERTH_SERVER, BERTH_ROBOT. */
export interface HelperSetting {
  readonly server?: string;
  readonly robot?: string;
  readonly scopes?: readonly string[];
  /** Seconds. */
  readonly ttl?: number;
}

/** By the registry's name in `auths`. */
export type HelperSettings = Readonly<Record<string, HelperSetting>>;

const FILE = "berth-helper.json";

/**
 * Of a file of this user's that nobody else may write to: it says where identity tokens go.
 *
 * @param folder That of Docker's configuration.
 */
export async function readHelperSettings(folder: string): Promise<HelperSettings> {
  return settingsIn(await readOwnJson(join(folder, FILE)));
}

/** @param setting Undefined takes the registry out. */
export function changeHelperSetting(
  environment: ClientEnvironment,
  folder: string,
  key: string,
  setting: HelperSetting | undefined,
): Promise<Result<unknown, ClientProblem>> {
  return changeOwnJson(environment, join(folder, FILE), (members) => {
    const { [key]: _, ...others } = settingsIn(members);
    const registries = setting === undefined ? others : { ...others, [key]: setting };
    return Object.keys(registries).length === 0 ? undefined : { registries };
  });
}

/** Takes the settings along into another folder: linked there, they would not be this user's own file. */
export async function copyHelperSettings(from: string, to: string): Promise<Result<void, ClientProblem>> {
  const registries = await readHelperSettings(from);
  return Object.keys(registries).length === 0 ? ok(undefined) : writeOwnJson(join(to, FILE), { registries });
}

function settingsIn({ registries }: Readonly<Record<string, unknown>>): HelperSettings {
  return recordOf(registries) as HelperSettings;
}
