import { setImmediate } from "node:timers/promises";
import type { NearMiss } from "../../domain/near-miss.ts";
import { decodeDocument } from "../sqlite/document.ts";
import type { Sql } from "../sqlite/sql.ts";

/** Near misses that one transaction looks at. */
const CHUNK = 1000;

const FIND = `
  SELECT namespace, tenant, id, document FROM near_misses
  WHERE (namespace, tenant, id) > (?, ?, ?) ORDER BY namespace, tenant, id LIMIT ${CHUNK}`;
const REMOVE = "DELETE FROM near_misses WHERE namespace = ? AND tenant = ? AND id = ?";

interface Row {
  readonly namespace: string;
  readonly tenant: string;
  readonly id: string;
  readonly document: string;
}

/** Removes the near misses whose recorded `sub` is `subject`, in bounded steps. Returns how many went. */
export async function purgeNearMisses(db: Sql, subject: string): Promise<number> {
  let removed = 0;
  for (let place: Omit<Row, "document"> = { namespace: "", tenant: "", id: "" }; ; await setImmediate()) {
    const rows = db.transaction(() => {
      const chunk = db.all<Row>(FIND, place.namespace, place.tenant, place.id);
      for (const { namespace, tenant, id, document } of chunk) {
        if (decodeDocument<NearMiss>(document).claims.sub !== subject) continue;
        removed += db.run(REMOVE, namespace, tenant, id);
      }
      return chunk;
    });
    place = rows.at(-1) ?? place;
    if (rows.length < CHUNK) return removed;
  }
}
