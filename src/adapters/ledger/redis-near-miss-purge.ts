import type { NearMiss } from "../../domain/near-miss.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { decodeRecord } from "../redis/record.ts";
import { Script } from "../redis/script.ts";
import { nearMissKeysOf } from "./redis-near-miss-keys.ts";

/**
 * Removes a near miss unless it was seen again meanwhile with other claims. Keys: the tenant's near misses by time,
 * their records. Arguments: id, its record. Answer: whether it went.
 */
const REMOVE = new Script(`
local byTime, records = unpack(KEYS)
local id, record = unpack(ARGV)
if redis.call('HGET', records, 'record:' .. id) ~= record then return 0 end
redis.call('ZREM', byTime, id)
redis.call('HDEL', records, 'record:' .. id, 'requests:' .. id, 'times:' .. id)
return 1
`);

/** Removes the near misses of one namespace whose recorded `sub` is `subject`. Returns how many went. */
export async function purgeNearMisses(
  connection: RedisConnection,
  namespace: string,
  subject: string,
): Promise<number> {
  const keys = await nearMissKeysOf(connection.keyPrefix, namespace);
  const tenants = await connection.send(keys.tenants, (client) =>
    client.zrangebyscore(keys.tenants, "-inf", "+inf"),
  );
  let removed = 0;
  for (const tenant of tenants) {
    removed += await purgeTenant(connection, keys.byTime(tenant), keys.records(tenant), subject);
  }
  return removed;
}

/** A tenant has some twenty near misses at the most. */
async function purgeTenant(
  connection: RedisConnection,
  byTime: string,
  records: string,
  subject: string,
): Promise<number> {
  const fields = await connection.send(records, (client) => client.hgetall(records));
  let removed = 0;
  for (const [name, record] of Object.entries(fields)) {
    if (!name.startsWith("record:") || decodeRecord<NearMiss>(record).claims.sub !== subject) continue;
    removed += Number(
      await connection.run(REMOVE, [byTime, records], [name.slice("record:".length), record]),
    );
  }
  return removed;
}
