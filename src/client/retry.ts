import type { Result } from "../domain/result.ts";
import type { ClientEnvironment } from "./client-environment.ts";
import { type HttpFault, isPassing } from "./http-fault.ts";
import type { HttpAnswer, OutgoingRequest } from "./http-request.ts";

/** How long the client tries before it gives up, unless it is told otherwise. */
export const RETRY_FOR_MS = 60_000;

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;
/** What says "not now" (RFC 9110 §15.6, RFC 6585 §4); a proxy in between says so, too. */
const PASSING_STATUS: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

type Tried = Result<HttpAnswer, HttpFault>;

/**
 * Sends a request, which must be safe to send twice, until it has an answer that will not change by waiting, and not
 * past `until`. Retry-After is honoured; where it points past the end, what there is is the answer.
 *
 * @param until Unix milliseconds.
 */
export async function requestUntil(
  environment: ClientEnvironment,
  outgoing: OutgoingRequest,
  until: number,
): Promise<Tried> {
  for (let tries = 1; ; tries += 1) {
    const left = Math.max(1, until - environment.now());
    const tried = await environment.request({ ...outgoing, timeoutMs: Math.min(outgoing.timeoutMs, left) });
    if (!mayChange(tried)) return tried;
    const next = environment.now() + Math.max(pause(tries, environment), retryAfterMs(tried, environment));
    if (next >= until) return tried;
    await environment.waitUntil(next);
  }
}

function mayChange(tried: Tried): boolean {
  return tried.ok ? PASSING_STATUS.has(tried.value.status) : isPassing(tried.error);
}

/** Doubled each time, and drawn from its upper half, so that the jobs of a matrix do not come back together. */
function pause(tries: number, { random }: ClientEnvironment): number {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1));
  const [byte = 0] = random(1);
  return Math.round((longest / 2) * (1 + byte / 255));
}

/** RFC 9110 §10.2.3: seconds, or a date. */
function retryAfterMs(tried: Tried, { now }: ClientEnvironment): number {
  const value = tried.ok ? tried.value.headers["retry-after"] : undefined;
  if (value === undefined) return 0;
  if (/^\d{1,6}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now());
}
