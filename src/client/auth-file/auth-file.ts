import { ok, type Result } from "../../domain/result.ts";
import type { ClientEnvironment } from "../client-environment.ts";
import type { ClientProblem } from "../client-problem.ts";
import { type AuthConfig, formatAuthConfig, parseAuthConfig } from "./auth-config.ts";
import { type LockLimits, withFileLock } from "./file-lock.ts";
import { readTextFile, writePrivateFile } from "./private-file.ts";

/** A change takes milliseconds; sixty jobs that come at once wait for each other. */
export const FILE_LOCK: LockLimits = { waitMs: 30_000, staleMs: 10_000 };

export async function readAuthConfig(file: string): Promise<Result<AuthConfig, ClientProblem>> {
  const text = await readTextFile(file);
  return text.ok ? parseAuthConfig(text.value, file) : text;
}

/**
 * Changes one file of logins, between no other process's look and write that takes the same lock. The other tools take
 * none, and write such a file whole, too.
 *
 * @param change Gives its argument back where there is nothing to change: then nothing is written.
 */
export async function changeAuthConfig(
  environment: ClientEnvironment,
  file: string,
  change: (config: AuthConfig) => AuthConfig,
): Promise<Result<void, ClientProblem>> {
  const changed = await withFileLock(environment, `${file}.berth-lock`, FILE_LOCK, async () => {
    const config = await readAuthConfig(file);
    if (!config.ok) return config;
    const next = change(config.value);
    return next === config.value ? ok(undefined) : writePrivateFile(file, formatAuthConfig(next));
  });
  return changed.ok ? changed.value : changed;
}
