import type { Reach } from "../../src/adapters/oidc/guarded-connection.ts";
import { createGuardedFetch, type GuardedFetchOptions } from "../../src/adapters/oidc/guarded-fetch.ts";
import type { FakeIssuer } from "./fake-issuer.ts";

function reachOf(issuer: FakeIssuer, change: Partial<Reach> = {}): Reach {
  return { privateNetwork: true, caPem: issuer.caPem, ...change };
}

export interface Attempt extends GuardedFetchOptions {
  readonly url?: string;
  readonly reach?: Partial<Reach>;
  readonly deadlineMs?: number;
}

/** GETs the issuer's key set: works, but for what the attempt changes. */
export function guardedGet(
  issuer: FakeIssuer,
  { url, reach, deadlineMs = 10_000, ...options }: Attempt = {},
) {
  const signal = AbortSignal.timeout(deadlineMs);
  return createGuardedFetch(options)(new URL(url ?? `${issuer.url}/keys`), reachOf(issuer, reach), signal);
}
