import { systemClock } from "../adapters/runtime/system-clock.ts";
import { TokenBuckets } from "../adapters/runtime/token-buckets.ts";
import { webRandom } from "../adapters/runtime/web-random.ts";
import type { Settings } from "../config/settings.ts";
import type { AppDeps } from "../http/deps.ts";
import type { Stores } from "./stores.ts";

/**
 * Refused exchanges of one tenant: a matrix of sixty jobs may fail twice over, and a job that tries again each second
 * for ever is told why each time.
 */
const FAILURES = { perSecond: 2, burst: 120 };

type CommonParts = Pick<
  AppDeps,
  | "publicUrl"
  | "refusalDelayMs"
  | "apiTokens"
  | "auditLog"
  | "nearMisses"
  | "failureLimit"
  | "addressLimit"
  | "clock"
  | "random"
>;

/** Those parts of the app that are the same on Node and on Workers. */
export function commonParts(
  settings: Settings,
  { apiTokens, auditLog, nearMisses }: Pick<Stores, "apiTokens" | "auditLog" | "nearMisses">,
): CommonParts {
  return {
    publicUrl: settings.publicUrl,
    refusalDelayMs: settings.refusalDelayMs,
    apiTokens,
    auditLog,
    nearMisses,
    failureLimit: new TokenBuckets(FAILURES, systemClock),
    addressLimit: settings.rateLimit && new TokenBuckets(settings.rateLimit, systemClock),
    clock: systemClock,
    random: webRandom,
  };
}
