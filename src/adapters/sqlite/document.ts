import { StoreVersionError } from "./schema.ts";

/** The version of the records in JSON; a release that changes their shape raises it, and reads the one before. */
const DOCUMENT_VERSION = 1;

interface Document<T> {
  readonly version: number;
  readonly record: T;
}

export function encodeDocument(record: object): string {
  return JSON.stringify({ version: DOCUMENT_VERSION, record });
}

/** The record in `text`, which `encodeDocument` wrote. Throws StoreVersionError for one of a newer release. */
export function decodeDocument<T>(text: string): T {
  const { version, record } = JSON.parse(text) as Document<T>;
  if (version === DOCUMENT_VERSION) return record;
  throw new StoreVersionError(
    `a record of the store has version ${version}, and this release of Berth knows version ${DOCUMENT_VERSION}: ` +
      "start the newer release",
  );
}
