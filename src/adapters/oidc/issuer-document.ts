import { FetchFault } from "./fetch-fault.ts";
import type { Reach } from "./guarded-connection.ts";

/** Of the decoded body; GitLab's key set, the largest known, has 20 KiB. */
const MAX_BODY_BYTES = 256 * 1024;

/** What every fetch of an issuer's document sends: no credentials. */
export const DOCUMENT_HEADERS = { accept: "application/json", "user-agent": "berth" } as const;

interface FetchedDocument {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly cacheControl: string | undefined;
}

/**
 * GETs a document of an issuer, or throws a FetchFault. Sends no credentials.
 *
 * @param signal Ends it at any moment, from the look-up to the last byte of the body.
 */
export type FetchDocument = (url: URL, reach: Reach, signal: AbortSignal) => Promise<FetchedDocument>;

/** Throws a FetchFault for what is never fetched. */
export function checkDocumentUrl(url: URL): void {
  if (url.protocol !== "https:" || url.username !== "" || url.password !== "") {
    throw new FetchFault("url_refused");
  }
}

/** The answer of any fetch. */
interface Answer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** The document that an issuer answered with; a FetchFault for a redirect, an error, or more than 256 KiB. */
export async function readDocument(response: Answer): Promise<FetchedDocument> {
  if (response.status >= 300 && response.status < 400) throw new FetchFault("redirected");
  if (response.status !== 200) throw new FetchFault("status_not_200", String(response.status));
  const cacheControl = response.headers.get("cache-control") ?? undefined;
  return { bytes: await readBody(response.body), cacheControl };
}

/** Counts what comes out of the decoder, chunk by chunk: a compressed bomb is dropped at the bound. */
async function readBody(body: AsyncIterable<Uint8Array> | null): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_BODY_BYTES) throw new FetchFault("body_too_large");
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
