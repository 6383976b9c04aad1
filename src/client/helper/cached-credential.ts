import { ok, type Result } from "../../domain/result.ts";
import type { FileLogin } from "../auth-file/auth-config.ts";
import { withFileLock } from "../auth-file/file-lock.ts";
import type { RegistryName } from "../auth-file/registry-name.ts";
import type { ClientEnvironment } from "../client-environment.ts";
import type { ClientProblem } from "../client-problem.ts";
import { EXCHANGE_LOCK } from "../exchange-lock.ts";
import { type CachedCredential, openCache, readCache } from "./helper-cache.ts";
import type { HelperWish } from "./helper-wish.ts";
import { renewCredential } from "./renew-credential.ts";

/** Berth counts a credential with less than a minute left as expired, and the client has yet to ask. */
const LEAST_SECONDS = 90;
/**
 * What failed a moment ago, or while a call waited for another, would fail again: docker asks up to four times for one
 * command, and each would wait for a server that is down.
 */
const FAILURE_MS = 5_000;

/**
 * The credential for a registry: the cached one while it is good, else a new one. Of many calls at once one exchanges,
 * and the others wait for it.
 */
export async function cachedCredential(
  environment: ClientEnvironment,
  registry: RegistryName,
  wish: HelperWish,
): Promise<Result<FileLogin, ClientProblem>> {
  const startedAt = environment.now();
  const file = await openCache(environment, registry.host, wish);
  if (!file.ok) return file;
  const { credential } = await readCache(file.value);
  if (credential !== undefined && isFresh(credential, startedAt)) return ok(credential);
  const answered = await withFileLock(environment, `${file.value}.lock`, EXCHANGE_LOCK, async () => {
    const cached = await readCache(file.value);
    if (cached.credential !== undefined && isFresh(cached.credential, environment.now())) {
      return ok(cached.credential);
    }
    if (cached.failure !== undefined && cached.failure.at >= startedAt - FAILURE_MS) {
      return { ok: false as const, error: cached.failure.problem };
    }
    return renewCredential(environment, { registry, wish, file: file.value, cached, isUsable });
  });
  return answered.ok ? answered.value : answered;
}

/**
 * A push may last longer than what is left: where a new one costs nothing, none is handed out in the second half of
 * its life. Where it would end the one that a running push holds, it is kept as long as it is good for anything.
 */
function isFresh(credential: CachedCredential, nowMs: number): boolean {
  const { mintedAt, expiresAt, renewable } = credential;
  if (!isUsable(credential, nowMs)) return false;
  return !renewable || nowMs / 1000 < (mintedAt + expiresAt) / 2;
}

function isUsable({ expiresAt }: CachedCredential, nowMs: number): boolean {
  return nowMs / 1000 < expiresAt - LEAST_SECONDS;
}
