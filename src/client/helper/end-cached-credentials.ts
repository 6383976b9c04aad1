import { rm } from "node:fs/promises";
import { Secret } from "../../domain/accounts/secret.ts";
import { revokeCredential } from "../berth-client.ts";
import type { ClientEnvironment } from "../client-environment.ts";
import type { ClientProblem } from "../client-problem.ts";
import { cacheFiles, readCache } from "./helper-cache.ts";

/** Revokes and forgets what the credential helper has earned for this job. */
export async function endCachedCredentials(
  environment: ClientEnvironment,
): Promise<readonly ClientProblem[]> {
  const problems: ClientProblem[] = [];
  for (const file of await cacheFiles(environment.variables)) {
    const { credential: cached } = await readCache(file);
    await rm(file, { force: true });
    if (cached === undefined || cached.expiresAt * 1000 <= environment.now()) continue;
    const credential = new Secret("credential", cached.password);
    const revoked = await revokeCredential(environment, { server: cached.server, credential });
    if (!revoked.ok) problems.push(revoked.error);
  }
  return problems;
}
