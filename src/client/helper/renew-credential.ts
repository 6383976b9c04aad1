import { ok, type Result } from "../../domain/result.ts";
import { writeOwnJson } from "../auth-file/own-json.ts";
import type { RegistryName } from "../auth-file/registry-name.ts";
import { exchangeIdentity } from "../berth-client.ts";
import type { ClientEnvironment } from "../client-environment.ts";
import type { ClientProblem } from "../client-problem.ts";
import { exchangeIdOf, newRetryKey, type Wish } from "../exchange-id.ts";
import { findServer } from "../find-server.ts";
import { findJobIdentity } from "../job-identity/find-job-identity.ts";
import type { CachedAnswer, CachedCredential } from "./helper-cache.ts";
import type { HelperWish } from "./helper-wish.ts";

export interface Renewal {
  readonly registry: RegistryName;
  readonly wish: HelperWish;
  /** The cache's, whose lock the caller holds. */
  readonly file: string;
  readonly cached: CachedAnswer;
  readonly isUsable: (credential: CachedCredential, nowMs: number) => boolean;
}

type Renewed = Result<CachedCredential, ClientProblem>;

/** A person waits at the other end. */
const RETRY_FOR_MS = 10_000;

/** A new credential, in the cache. Where none is to be had, the old one as long as it is good for anything. */
export async function renewCredential(environment: ClientEnvironment, renewal: Renewal): Promise<Renewed> {
  const { file, cached, isUsable } = renewal;
  const renewed = await exchange(environment, renewal);
  if (renewed.ok) return renewed;
  const now = environment.now();
  if (cached.credential !== undefined && isUsable(cached.credential, now)) return ok(cached.credential);
  const { credential: _, ...rest } = cached;
  await writeOwnJson(file, { ...rest, failure: { at: now, problem: renewed.error } });
  return renewed;
}

async function exchange(environment: ClientEnvironment, renewal: Renewal): Promise<Renewed> {
  const { file, cached, registry } = renewal;
  const { server: named, ...asked } = renewal.wish;
  const server = named === undefined ? await findServer(environment, registry.host) : ok(named);
  if (!server.ok) return server;
  const wish: Wish = { ...asked, server: server.value };
  const identity = await findJobIdentity(environment, server.value);
  if (!identity.ok) return identity;
  const exchangeId = exchangeIdOf(identity.value, wish);
  const retryKey = cached.retry?.exchangeId === exchangeId ? cached.retry.key : newRetryKey(environment);
  const retry = { exchangeId, key: retryKey };
  // On the disk before it is used: whoever comes after a crash asks with the same one.
  const kept = await writeOwnJson(file, { ...cached, retry });
  if (!kept.ok) return kept;
  const mintedAt = Math.floor(environment.now() / 1000);
  const request = { ...wish, identity: identity.value, retryKey, retryForMs: RETRY_FOR_MS };
  const earned = await exchangeIdentity(environment, request);
  if (!earned.ok) return earned;
  const { username, credential, expiresAt } = earned.value;
  const { renewable } = identity.value;
  const answer: CachedCredential = {
    ...{ server: server.value, username, mintedAt, expiresAt, renewable },
    password: credential.expose(),
  };
  const written = await writeOwnJson(file, { credential: answer, retry });
  return written.ok ? ok(answer) : written;
}
