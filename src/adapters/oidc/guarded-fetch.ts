import { fetch } from "undici";
import { FetchFault } from "./fetch-fault.ts";
import { checkLiteral, guardedDispatcher, type ResolveAll, systemResolve } from "./guarded-connection.ts";
import { checkDocumentUrl, DOCUMENT_HEADERS, type FetchDocument, readDocument } from "./issuer-document.ts";

export interface GuardedFetchOptions {
  /** URL of the HTTP proxy by which the public internet is reached. */
  readonly egressProxy?: string | undefined;
  readonly resolve?: ResolveAll;
}

/**
 * A fetch that cannot be turned against the network that Berth stands in: https, no redirects, addresses checked,
 * 256 KiB after decoding.
 */
export function createGuardedFetch(options: GuardedFetchOptions = {}): FetchDocument {
  const { egressProxy, resolve = systemResolve } = options;
  return async (url, reach, signal) => {
    checkDocumentUrl(url);
    checkLiteral(url, reach);
    // For one fetch: they are minutes apart, and no connection outlives the check of its address.
    const dispatcher = guardedDispatcher(reach, egressProxy, resolve);
    try {
      const response = await fetch(url, {
        dispatcher,
        signal,
        redirect: "manual",
        headers: DOCUMENT_HEADERS,
      });
      return await readDocument(response);
    } catch (fault) {
      throw signal.aborted ? new FetchFault("timed_out") : asFetchFault(fault);
    } finally {
      await dispatcher.destroy();
    }
  };
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
