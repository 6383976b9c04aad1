import { FetchFault } from "./fetch-fault.ts";
import { checkDocumentUrl, DOCUMENT_HEADERS, type FetchDocument, readDocument } from "./issuer-document.ts";

/**
 * The guarded fetch of Workers, over the runtime's own `fetch`: https, no redirects, 256 KiB after decoding, no cache
 * between. Which addresses may be reached is Cloudflare's to decide: its network lets no Worker into a private one.
 * What names a private network or a CA of its own is refused, for neither can be had there.
 */
export const webFetchDocument: FetchDocument = async (url, reach, signal) => {
  checkDocumentUrl(url);
  if (reach.privateNetwork || reach.caPem !== undefined) throw new FetchFault("url_refused");
  try {
    const response = await fetch(url, {
      signal,
      redirect: "manual",
      cache: "no-store",
      headers: DOCUMENT_HEADERS,
    });
    return await readDocument(response);
  } catch (fault) {
    if (fault instanceof FetchFault) throw fault;
    throw new FetchFault(signal.aborted ? "timed_out" : "connection_failed");
  }
};
