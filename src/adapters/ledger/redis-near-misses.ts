import { sha256Hex } from "../../domain/identity/digest.ts";
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
import type { RedisConnection } from "../redis/connection.ts";
import { decodeRecord, encodeRecord } from "../redis/record.ts";
import { Script } from "../redis/script.ts";
import { nearMissKeysOf } from "./redis-near-miss-keys.ts";

/**
 * One sighting. Keys: the tenant's near misses by time, their records, the namespace's tenants by time.
 * Arguments: time (Unix milliseconds), id, record, request id, digest of the tenant, the oldest time to keep, cap of
 * a tenant, cap of the request ids, milliseconds to live.
 */
const KEEP = new Script(`
local byTime, records, tenants = unpack(KEYS)
local at, id, record, request, tenant, oldest, most, mostRequests, ttl = unpack(ARGV)

local requests = {request}
local before = redis.call('HGET', records, 'requests:' .. id)
for earlier in string.gmatch(before or '', '%S+') do
  if #requests < tonumber(mostRequests) then requests[#requests + 1] = earlier end
end
redis.call('ZADD', byTime, at, id)
redis.call('HSET', records, 'record:' .. id, record, 'requests:' .. id, table.concat(requests, ' '))
redis.call('HINCRBY', records, 'times:' .. id, 1)

local function drop(ids)
  for _, one in ipairs(ids) do
    redis.call('ZREM', byTime, one)
    redis.call('HDEL', records, 'record:' .. one, 'requests:' .. one, 'times:' .. one)
  end
end
drop(redis.call('ZRANGEBYSCORE', byTime, '-inf', oldest))
drop(redis.call('ZRANGE', byTime, 0, -1 - most))

redis.call('ZADD', tenants, at, tenant)
redis.call('ZREMRANGEBYSCORE', tenants, '-inf', oldest)
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ttl) end
return 1
`);

/** Keys: the namespace's counts by day. Arguments: day, how many, the oldest day to keep, milliseconds to live. */
const COUNT = new Script(`
redis.call('HINCRBY', KEYS[1], ARGV[1], ARGV[2])
for _, day in ipairs(redis.call('HKEYS', KEYS[1])) do
  if tonumber(day) <= tonumber(ARGV[3]) then redis.call('HDEL', KEYS[1], day) end
end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
`);

/** Near misses in Redis or Valkey: those of one namespace in one of the ledger's shards. */
export class RedisNearMisses implements NearMissStore {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async keep(
    namespace: string,
    sightings: readonly NearMissSighting[],
    others: number,
    now: number,
  ): Promise<void> {
    const keys = await nearMissKeysOf(this.#connection.keyPrefix, namespace);
    for (const { miss, at, requestId } of sightings) {
      const tenant = await sha256Hex(miss.tenant);
      await this.#connection.run(
        KEEP,
        [keys.byTime(tenant), keys.records(tenant), keys.tenants],
        [
          ...[at, miss.id, encodeRecord(miss), requestId, tenant, now - NEAR_MISS_MS],
          ...[MAX_NEAR_MISSES_PER_TENANT, MAX_NEAR_MISS_REQUESTS, NEAR_MISS_MS],
        ],
      );
    }
    if (others === 0) return;
    const day = dayOf(now);
    await this.#connection.run(COUNT, [keys.others], [day, others, day - NEAR_MISS_DAYS, NEAR_MISS_MS]);
  }

  async read(namespace: string, now: number): Promise<NearMissRecords> {
    const keys = await nearMissKeysOf(this.#connection.keyPrefix, namespace);
    const youngerThan = `(${now - NEAR_MISS_MS}`;
    const [tenants, counts] = await this.#connection.send(keys.tenants, (client) =>
      Promise.all([client.zrangebyscore(keys.tenants, youngerThan, "+inf"), client.hgetall(keys.others)]),
    );
    const misses = await this.#connection.send(keys.tenants, (client) =>
      Promise.all(
        tenants.map((tenant) =>
          Promise.all([
            client.zrangebyscore(keys.byTime(tenant), youngerThan, "+inf", "WITHSCORES"),
            client.hgetall(keys.records(tenant)),
          ]),
        ),
      ),
    );
    const days = Object.entries(counts).filter(([day]) => Number(day) > dayOf(now) - NEAR_MISS_DAYS);
    return {
      misses: misses.flatMap(([byTime, records]) => keptOf(byTime, records)),
      others: days.reduce((sum, [, count]) => sum + Number(count), 0),
    };
  }
}

/** @param byTime Ids and times in turn, as ZRANGEBYSCORE gives them. */
function keptOf(
  byTime: readonly string[],
  records: Readonly<Record<string, string>>,
): readonly KeptNearMiss[] {
  return byTime.flatMap((id, at) => {
    const record = records[`record:${id}`];
    if (at % 2 === 1 || record === undefined) return [];
    return {
      miss: decodeRecord<NearMiss>(record),
      at: Number(byTime[at + 1]),
      times: Number(records[`times:${id}`]),
      requestIds: (records[`requests:${id}`] ?? "").split(" "),
    };
  });
}

function dayOf(unixMilliseconds: number): number {
  return Math.floor(unixMilliseconds / 86_400_000);
}
