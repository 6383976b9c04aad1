import {
  type KeptNearMiss,
  MAX_NEAR_MISS_REQUESTS,
  MAX_NEAR_MISSES_PER_TENANT,
  NEAR_MISS_DAYS,
  NEAR_MISS_MS,
  type NearMiss,
  type NearMissSighting,
} from "../../domain/near-miss.ts";
import type { NearMissStore } from "../../usecases/ports.ts";
import type { NearMissRecords } from "../../usecases/store-records.ts";
import { decodeDocument, encodeDocument } from "../sqlite/document.ts";
import type { Sql } from "../sqlite/sql.ts";

const PUT = `
  INSERT INTO near_misses (namespace, tenant, id, at, times, requests, document) VALUES (?, ?, ?, ?, 1, ?, ?)
  ON CONFLICT (namespace, tenant, id) DO UPDATE SET
    at = excluded.at, times = times + 1, requests = excluded.requests, document = excluded.document`;
const FIND_REQUESTS = "SELECT requests FROM near_misses WHERE namespace = ? AND tenant = ? AND id = ?";
const TRIM = `
  DELETE FROM near_misses WHERE namespace = ? AND tenant = ? AND id NOT IN
    (SELECT id FROM near_misses WHERE namespace = ? AND tenant = ? ORDER BY at DESC, id LIMIT ?)`;
const COUNT = `
  INSERT INTO near_miss_others (namespace, day, count) VALUES (?, ?, ?)
  ON CONFLICT (namespace, day) DO UPDATE SET count = count + excluded.count`;
const READ = "SELECT at, times, requests, document FROM near_misses WHERE namespace = ? AND at > ?";
const SUM = `
  SELECT coalesce(sum(count), 0) AS others FROM near_miss_others WHERE namespace = ? AND day > ?`;

interface Row {
  readonly at: number;
  readonly times: number;
  readonly requests: string;
  readonly document: string;
}

/** Near misses in the store's file. A transaction of its own, since nothing waits for it. */
export class SqliteNearMisses implements NearMissStore {
  readonly #db: Sql;

  constructor(db: Sql) {
    this.#db = db;
  }

  async keep(
    namespace: string,
    sightings: readonly NearMissSighting[],
    others: number,
    now: number,
  ): Promise<void> {
    this.#db.transaction(() => {
      for (const sighting of sightings) this.#put(namespace, sighting);
      if (others > 0) this.#db.run(COUNT, namespace, dayOf(now), others);
      this.#db.run("DELETE FROM near_misses WHERE at <= ?", now - NEAR_MISS_MS);
      this.#db.run("DELETE FROM near_miss_others WHERE day <= ?", dayOf(now) - NEAR_MISS_DAYS);
    });
  }

  async read(namespace: string, now: number): Promise<NearMissRecords> {
    return this.#db.snapshot(() => ({
      misses: this.#db.all<Row>(READ, namespace, now - NEAR_MISS_MS).map(keptOf),
      others: this.#db.get<{ others: number }>(SUM, namespace, dayOf(now) - NEAR_MISS_DAYS)?.others ?? 0,
    }));
  }

  #put(namespace: string, { miss, at, requestId }: NearMissSighting): void {
    const { tenant, id } = miss;
    const before = this.#db.get<{ requests: string }>(FIND_REQUESTS, namespace, tenant, id);
    const requests = [requestId, ...requestsOf(before?.requests)].slice(0, MAX_NEAR_MISS_REQUESTS);
    this.#db.run(PUT, namespace, tenant, id, at, requests.join(" "), encodeDocument(miss));
    this.#db.run(TRIM, namespace, tenant, namespace, tenant, MAX_NEAR_MISSES_PER_TENANT);
  }
}

function keptOf({ at, times, requests, document }: Row): KeptNearMiss {
  return { miss: decodeDocument<NearMiss>(document), at, times, requestIds: requestsOf(requests) };
}

function requestsOf(text = ""): readonly string[] {
  return text === "" ? [] : text.split(" ");
}

function dayOf(unixMilliseconds: number): number {
  return Math.floor(unixMilliseconds / 86_400_000);
}
