import { rm } from "node:fs/promises";
import { ok, type Result } from "../../domain/result.ts";
import type { ClientEnvironment } from "../client-environment.ts";
import type { ClientProblem } from "../client-problem.ts";
import { type AuthConfig, recordOf } from "./auth-config.ts";
import { FILE_LOCK } from "./auth-file.ts";
import { withFileLock } from "./file-lock.ts";
import { readOwnFile, writePrivateFile } from "./private-file.ts";

/** A release reads no other version: a file of another one is as if it were not there. */
const VERSION = 1;

/** The members of a JSON file that this program wrote before; none where it did not, or where it may be another's. */
export async function readOwnJson(file: string): Promise<AuthConfig> {
  try {
    const { version, ...members } = recordOf(JSON.parse((await readOwnFile(file)) ?? "{}"));
    return version === VERSION ? members : {};
  } catch (fault) {
    if (fault instanceof SyntaxError) return {};
    throw fault;
  }
}

/** @param members Undefined removes the file. */
export async function writeOwnJson(
  file: string,
  members: object | undefined,
): Promise<Result<void, ClientProblem>> {
  if (members !== undefined) {
    return writePrivateFile(file, `${JSON.stringify({ version: VERSION, ...members })}\n`, { isOwn: true });
  }
  await rm(file, { force: true });
  return ok(undefined);
}

/** Changes such a file between no other process's look and write; gives what it holds then. */
export async function changeOwnJson<Members extends object>(
  environment: ClientEnvironment,
  file: string,
  change: (members: AuthConfig) => Members | undefined,
): Promise<Result<Members | undefined, ClientProblem>> {
  const changed = await withFileLock(environment, `${file}.lock`, FILE_LOCK, async () => {
    const members = change(await readOwnJson(file));
    const written = await writeOwnJson(file, members);
    return written.ok ? ok(members) : written;
  });
  return changed.ok ? changed.value : changed;
}
