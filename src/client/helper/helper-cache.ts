import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { err, ok, type Result } from "../../domain/result.ts";
import { homeFolder } from "../auth-file/auth-places.ts";
import { ensureOwnFolder } from "../auth-file/own-folder.ts";
import { readOwnJson } from "../auth-file/own-json.ts";
import { fileCode } from "../auth-file/private-file.ts";
import type { ClientEnvironment } from "../client-environment.ts";
import { type ClientProblem, clientProblem } from "../client-problem.ts";
import { jobMark, jobPlace } from "../job-place.ts";
import type { HelperWish } from "./helper-wish.ts";

/** What one file of the cache holds, mode 0600. */
export interface CachedAnswer {
  readonly credential?: CachedCredential;
  /** For the same exchange again; by `exchangeIdOf`. */
  readonly retry?: { readonly exchangeId: string; readonly key: string };
  /** The last exchange that failed, for those who waited for it. */
  readonly failure?: { readonly at: number; readonly problem: ClientProblem };
}

export interface CachedCredential {
  readonly server: string;
  readonly username: string;
  readonly password: string;
  /** Unix seconds. */
  readonly mintedAt: number;
  readonly expiresAt: number;
  /** Whether the platform gives the job another identity token. */
  readonly renewable: boolean;
}

/** The job's temporary folder, else the user's cache. */
function cacheFolder(variables: ClientEnvironment["variables"]): string {
  const place = jobPlace(variables);
  const mark = jobMark(place);
  if (mark !== "") return join(place.tempFolder, `berth-helper-${mark}`);
  return join(variables.XDG_CACHE_HOME || join(homeFolder(variables), ".cache"), "berth");
}

/** The cache's file for a wish: a registry's name where it is the registry that names the server. */
export async function openCache(
  { variables }: ClientEnvironment,
  registry: string,
  { server, robot, scopes, ttl }: HelperWish,
): Promise<Result<string, ClientProblem>> {
  const folder = cacheFolder(variables);
  const parts = JSON.stringify([server ?? registry, robot, scopes.toSorted(), ttl ?? 0]);
  const name = createHash("sha256").update(parts).digest("hex").slice(0, 32);
  try {
    if (await ensureOwnFolder(folder)) return ok(join(folder, `${name}.json`));
    return err(clientProblem("private_folder_foreign", { folder }));
  } catch (fault) {
    return err(clientProblem("file_unwritable", { file: folder, fault: fileCode(fault) }));
  }
}

export async function readCache(file: string): Promise<CachedAnswer> {
  return readOwnJson(file);
}

/** The files of this job's cache. */
export async function cacheFiles(variables: ClientEnvironment["variables"]): Promise<readonly string[]> {
  const folder = cacheFolder(variables);
  try {
    const names = await readdir(folder);
    return names.filter((name) => /^[0-9a-f]{32}\.json$/.test(name)).map((name) => join(folder, name));
  } catch (fault) {
    fileCode(fault);
    return [];
  }
}
