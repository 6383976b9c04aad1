import { copyFile, cp, lstat, mkdir, mkdtemp, readdir, rm, stat, symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { err, ok, type Result } from "../domain/result.ts";
import { type AuthConfig, formatAuthConfig, withoutHelper } from "./auth-file/auth-config.ts";
import { readAuthConfig } from "./auth-file/auth-file.ts";
import { dockerConfigFile, dockerFolder } from "./auth-file/auth-places.ts";
import { ensureOwnFolder } from "./auth-file/own-folder.ts";
import { fileCode, writePrivateFile } from "./auth-file/private-file.ts";
import type { ClientEnvironment } from "./client-environment.ts";
import { type ClientProblem, clientProblem } from "./client-problem.ts";
import { copyHelperSettings } from "./helper/helper-settings.ts";
import { type JobPlace, jobMark } from "./job-place.ts";

const PREFIX = "berth-docker-";
/** Of this program; a job starts with none of another's. */
const OWN_FILES = /^(?:config\.json(?:\..*)?|berth-(?:logins|helper)\.json.*)$/;

/** The private configuration of this job, if its platform tells it from others: the same in all of its steps. */
export function privateFolderOf(place: JobPlace): string | undefined {
  const mark = jobMark(place);
  return mark === "" ? undefined : join(place.tempFolder, `${PREFIX}${mark}`);
}

/**
 * A Docker configuration of this job's own: the user's, but for a file of logins that no other job reads. What else is
 * there (plugins, contexts, builders, client certificates) is linked.
 *
 * @param keys Registries that get a login here: a helper or store of the user's would hide it.
 */
export async function makePrivateConfig(
  { variables }: ClientEnvironment,
  place: JobPlace,
  keys: readonly string[],
): Promise<Result<string, ClientProblem>> {
  const config = await readAuthConfig(dockerConfigFile(variables));
  if (!config.ok) return config;
  try {
    await mkdir(place.tempFolder, { recursive: true });
    const folder = privateFolderOf(place) ?? (await mkdtemp(join(place.tempFolder, PREFIX)));
    if (!(await ensureOwnFolder(folder))) return err(clientProblem("private_folder_foreign", { folder }));
    await linkOthers(dockerFolder(variables), folder);
    const file = join(folder, "config.json");
    if (await exists(file)) return ok(folder);
    const copied = await copyHelperSettings(dockerFolder(variables), folder);
    if (!copied.ok) return copied;
    const written = await writePrivateFile(file, formatAuthConfig(withoutStores(config.value, keys)));
    return written.ok ? ok(folder) : written;
  } catch (fault) {
    return err(clientProblem("file_unwritable", { file: place.tempFolder, fault: fileCode(fault) }));
  }
}

/** Removes a folder that `makePrivateConfig` made, and of what is linked there the links alone. */
export async function removePrivateConfig(folder: string): Promise<void> {
  if (basename(folder).startsWith(PREFIX)) await rm(folder, { recursive: true, force: true });
}

async function linkOthers(from: string, to: string): Promise<void> {
  for (const name of await namesIn(from)) {
    if (OWN_FILES.test(name)) continue;
    await link(join(from, name), join(to, name)).catch((fault: unknown) => {
      if (fileCode(fault) !== "EEXIST") throw fault;
    });
  }
}

/** Windows lets only some users make symbolic links, and everybody copy. */
async function link(from: string, to: string): Promise<void> {
  if (process.platform !== "win32") return symlink(from, to);
  return (await stat(from)).isDirectory() ? cp(from, to, { recursive: true }) : copyFile(from, to);
}

/** A store is the user's, not the job's; and a helper would go before the login. */
function withoutStores(config: AuthConfig, keys: readonly string[]): AuthConfig {
  const { credsStore: _, ...rest } = config;
  return keys.reduce(withoutHelper, rest);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (fault) {
    if (["ENOENT", "ENOTDIR"].includes(fileCode(fault))) return [];
    throw fault;
  }
}

async function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    (fault: unknown) => {
      if (fileCode(fault) === "ENOENT") return false;
      throw fault;
    },
  );
}
