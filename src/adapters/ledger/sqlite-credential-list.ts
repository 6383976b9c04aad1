import { setImmediate } from "node:timers/promises";
import type { Credential, StoredCredential } from "../../domain/accounts/credential.ts";
import type { CredentialPage, CredentialQuery } from "../../usecases/store-records.ts";
import { decodeDocument } from "../sqlite/document.ts";
import type { Sql } from "../sqlite/sql.ts";

/** Rows that one statement looks at: the event loop stands still for some milliseconds. */
const CHUNK = 1000;
/** Rows that one page looks at, whatever it finds. */
export const MAX_LOOKED_AT = 5000;

/** ?1: time; ?2, ?3: the place to go on behind; ?4: robot's uid or null; ?5: `acme+` or null. */
const LIST = `
  SELECT c.id, c.expires_at AS expiresAt, c.revoked_at AS revokedAt, c.epoch = e.id AS epochStands,
    CASE WHEN (?4 IS NULL OR c.robot_uid = ?4)
      AND (?5 IS NULL OR substr(json_extract(c.document, '$.record.robot'), 1, length(?5)) = ?5)
    THEN c.document END AS document
  FROM credentials c JOIN epochs e ON e.shard = c.shard
  WHERE c.expires_at > ?1 AND (c.expires_at, c.id) > (?2, ?3)
  ORDER BY c.expires_at, c.id LIMIT ${CHUNK}`;

interface Row extends Place {
  readonly revokedAt: number | null;
  readonly epochStands: number;
  /** Null: not one that is asked for. */
  readonly document: string | null;
}

/** A place in the list, which is in the order of expiry. */
interface Place {
  readonly expiresAt: number;
  readonly id: string;
}

/** A page, and how many rows it took: what a reader of several stores bounds its search by. */
export interface SearchedPage {
  readonly page: CredentialPage;
  readonly looked: number;
}

/** `Ledger.listCredentials`. A page may be short and have a next. */
export async function listCredentials(db: Sql, query: CredentialQuery): Promise<CredentialPage> {
  return (await searchCredentials(db, query)).page;
}

export async function searchCredentials(db: Sql, query: CredentialQuery): Promise<SearchedPage> {
  const credentials: StoredCredential[] = [];
  let looked = 0;
  for await (const row of walk(db, query)) {
    if (row.document !== null) credentials.push(storedOf(row, row.document));
    looked += 1;
    if (credentials.length === query.limit || looked === MAX_LOOKED_AT) {
      return { page: { credentials, next: cursorOf(row) }, looked };
    }
  }
  return { page: { credentials }, looked };
}

async function* walk(
  db: Sql,
  { namespace, robotUid, now, after = "" }: CredentialQuery,
): AsyncGenerator<Row> {
  const robot = namespace === undefined ? null : `${namespace}+`;
  for (let place: Place = parseCursor(after); ; await setImmediate()) {
    const rows = db.all<Row>(LIST, now, place.expiresAt, place.id, robotUid ?? null, robot);
    for (const row of rows) {
      yield row;
      place = row;
    }
    if (rows.length < CHUNK) return;
  }
}

function storedOf({ revokedAt, epochStands }: Row, document: string): StoredCredential {
  const credential = decodeDocument<Credential>(document);
  return {
    credential: revokedAt === null ? credential : { ...credential, revokedAt },
    epochStands: epochStands === 1,
  };
}

/** The `next` of a page that ends at that place. */
export function cursorOf({ expiresAt, id }: Place): string {
  return `${expiresAt}-${id}`;
}

/** What is no cursor stands for the beginning. */
function parseCursor(text: string): Place {
  const [, expiresAt = "0", id = ""] = /^(\d{1,15})-(\w+)$/.exec(text) ?? [];
  return { expiresAt: Number(expiresAt), id };
}
