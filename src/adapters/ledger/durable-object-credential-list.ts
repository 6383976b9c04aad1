import type { StoredCredential } from "../../domain/accounts/credential.ts";
import { SHARDS } from "../../domain/accounts/secret.ts";
import type { CredentialPage, CredentialQuery } from "../../usecases/store-records.ts";
import { ALL_SHARDS, type ObjectCalls } from "../durable-object/object-calls.ts";
import { MAX_LOOKED_AT, cursorOf as placeInShard, type SearchedPage } from "./sqlite-credential-list.ts";

/** Shards that are asked together, each for all that the page may still take. */
const AT_ONCE = 8;

/** A place in the list: behind one of a shard's own list, or at the beginning of that (""). */
interface Place {
  readonly shard: number;
  readonly behind: string;
}

/** `Ledger.listCredentials`: shard by shard, each in the order of expiry. A page may be short and have a next. */
export async function listCredentials(objects: ObjectCalls, query: CredentialQuery): Promise<CredentialPage> {
  const credentials: StoredCredential[] = [];
  let looked = 0;
  let place: Place | undefined = parseCursor(query.after ?? "");
  while (place !== undefined) {
    const missing = query.limit - credentials.length;
    if (missing === 0 || looked >= MAX_LOOKED_AT) return { credentials, next: cursorOf(place) };
    const found = await searchShards(objects, query, place, missing);
    const taken = takeInOrder(place, found, missing, MAX_LOOKED_AT - looked);
    credentials.push(...taken.credentials);
    looked += taken.looked;
    place = taken.place;
  }
  return { credentials };
}

/** Searches some shards from `place` on. */
function searchShards(
  objects: ObjectCalls,
  { after: _, ...query }: CredentialQuery,
  place: Place,
  limit: number,
): Promise<readonly SearchedPage[]> {
  const shards = ALL_SHARDS.slice(place.shard, place.shard + AT_ONCE);
  return Promise.all(
    shards.map((shard) => {
      const after = shard === place.shard && place.behind !== "" ? { after: place.behind } : {};
      return objects.shard(shard, (object) => object.searchCredentials({ ...query, limit, ...after }));
    }),
  );
}

interface Taken {
  readonly credentials: readonly StoredCredential[];
  readonly looked: number;
  /** Where to go on; undefined at the end of the last shard. */
  readonly place: Place | undefined;
}

/**
 * As many as are missing, up to a shard that has more or that takes the search over its bound: those after it are
 * asked again.
 */
function takeInOrder(from: Place, found: readonly SearchedPage[], missing: number, bound: number): Taken {
  const credentials: StoredCredential[] = [];
  let looked = 0;
  let shard = from.shard;
  for (const { page, looked: lookedHere } of found) {
    const taken = page.credentials.slice(0, missing - credentials.length);
    credentials.push(...taken);
    looked += lookedHere;
    const last = taken.at(-1);
    if (taken.length < page.credentials.length) {
      const behind = last === undefined ? "" : placeInShard(last.credential);
      return { credentials, looked, place: { shard, behind } };
    }
    if (page.next !== undefined) return { credentials, looked, place: { shard, behind: page.next } };
    shard += 1;
    if (looked >= bound) break;
  }
  return { credentials, looked, place: shard < SHARDS ? { shard, behind: "" } : undefined };
}

function cursorOf({ shard, behind }: Place): string {
  return `${String(shard).padStart(2, "0")}${behind}`;
}

/** What is no cursor stands for the beginning. */
function parseCursor(text: string): Place {
  const [, shard = "0", behind = ""] = /^(\d\d)(.*)$/.exec(text) ?? [];
  return Number(shard) < SHARDS ? { shard: Number(shard), behind } : { shard: 0, behind: "" };
}
