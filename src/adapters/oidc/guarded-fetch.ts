import { fetch, type Response } from "undici";
import { FetchFault } from "./fetch-fault.ts";
import {
  checkLiteral,
  guardedDispatcher,
  type Reach,
  type ResolveAll,
  systemResolve,
} from "./guarded-connection.ts";

/** Of the decoded body; GitLab's key set, the largest known, has 20 KiB. */
const MAX_BODY_BYTES = 256 * 1024;

export interface GuardedFetchOptions {
  /** URL of the HTTP proxy by which the public internet is reached. */
  readonly egressProxy?: string | undefined;
  readonly resolve?: ResolveAll;
}

interface FetchedDocument {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly cacheControl: string | undefined;
}

/**
 * GETs a document of an issuer, or throws a FetchFault. Sends no credentials.
 *
 * @param signal Ends it at any moment, from the look-up to the last byte of the body.
 */
export type GuardedFetch = (url: URL, reach: Reach, signal: AbortSignal) => Promise<FetchedDocument>;

/**
 * A fetch that cannot be turned against the network that Berth stands in: https, no redirects, addresses checked,
 * 256 KiB after decoding.
 */
export function createGuardedFetch(options: GuardedFetchOptions = {}): GuardedFetch {
  const { egressProxy, resolve = systemResolve } = options;
  return async (url, reach, signal) => {
    if (url.protocol !== "https:" || url.username !== "" || url.password !== "") {
      throw new FetchFault("url_refused");
    }
    checkLiteral(url, reach);
    // For one fetch: they are minutes apart, and no connection outlives the check of its address.
    const dispatcher = guardedDispatcher(reach, egressProxy, resolve);
    try {
      const response = await fetch(url, {
        dispatcher,
        signal,
        redirect: "manual",
        headers: { accept: "application/json", "user-agent": "berth" },
      });
      checkStatus(response);
      const cacheControl = response.headers.get("cache-control") ?? undefined;
      return { bytes: await readBody(response), cacheControl };
    } catch (fault) {
      throw signal.aborted ? new FetchFault("timed_out") : asFetchFault(fault);
    } finally {
      await dispatcher.destroy();
    }
  };
}

function checkStatus(response: Response): void {
  if (response.status >= 300 && response.status < 400) throw new FetchFault("redirected");
  if (response.status !== 200) throw new FetchFault("status_not_200", String(response.status));
}

/** Counts what comes out of the decoder, chunk by chunk: a compressed bomb is dropped at the bound. */
async function readBody(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_BODY_BYTES) throw new FetchFault("body_too_large");
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** undici wraps what went wrong once or twice; its code tells, its text may hold addresses. */
function asFetchFault(fault: unknown): FetchFault {
  for (let cause = fault; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof FetchFault) return cause;
    if ("code" in cause && typeof cause.code === "string") {
      return new FetchFault("connection_failed", cause.code);
    }
  }
  return new FetchFault("connection_failed");
}
