import type { ApiToken } from "../../domain/accounts/api-token.ts";
import { RECORD_MARGIN_SECONDS } from "../../domain/accounts/credential.ts";
import { NEAR_MISS_DAYS, NEAR_MISS_MS } from "../../domain/near-miss.ts";
import type { Sweeper } from "../../usecases/ports.ts";
import type { SweepKind } from "../../usecases/store-records.ts";
import { NamespaceKeys, SystemKeys } from "../directory/redis-keys.ts";
import { listNames } from "../directory/redis-names.ts";
import { nearMissKeysOf } from "../ledger/redis-near-miss-keys.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { decodeRecord } from "../redis/record.ts";
import { Script } from "../redis/script.ts";

/**
 * Near misses of one namespace. Keys: tenants, others. Arguments: base of the keys, the newest time to remove, the
 * newest day to remove, how many at most. Answer: how many went.
 */
const SWEEP_NEAR_MISSES = new Script(`
local tenants, others = unpack(KEYS)
local base, time, lastDay, limit = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local gone = 0
for _, tenant in ipairs(redis.call('ZRANGE', tenants, 0, -1)) do
  local byTime, records = base .. 'time:' .. tenant, base .. 'records:' .. tenant
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', byTime, '-inf', time, 'LIMIT', 0, limit - gone)) do
    redis.call('ZREM', byTime, id)
    redis.call('HDEL', records, 'record:' .. id, 'requests:' .. id, 'times:' .. id)
    gone = gone + 1
  end
  if redis.call('EXISTS', byTime) == 0 then redis.call('ZREM', tenants, tenant) end
  if gone == limit then return gone end
end
for _, day in ipairs(redis.call('HKEYS', others)) do
  if gone < limit and tonumber(day) <= lastDay then gone = gone + redis.call('HDEL', others, day) end
end
return gone
`);

const NONE = async () => 0;

interface NearMissPlace {
  readonly name: string;
  /** Whether the namespace does. */
  readonly exists: boolean;
}

/** Sweeps Redis or Valkey of what has no time to live of its own. */
export class RedisSweeper implements Sweeper {
  readonly #connection: RedisConnection;
  readonly #system: SystemKeys;
  readonly #sweeps: Readonly<Record<SweepKind, (limit: number, now: number) => Promise<number>>> = {
    // UNLINK takes a namespace's robots out in one step, and Redis frees them in the background.
    "robots of removed namespaces": NONE,
    // Each key of the ledger has a time to live.
    "expired marks": NONE,
    "expired credentials": NONE,
    "expired API tokens": (limit, now) => this.#sweepApiTokens(limit, now),
    "near misses": (limit, now) => this.#sweepNearMisses(limit, now),
    // A script takes all that belongs together. Two slots are written for a new namespace alone: the name that a crash
    // leaves on the list has to stay (redis-namespaces.ts).
    "orphaned records": NONE,
  };

  constructor(connection: RedisConnection) {
    this.#connection = connection;
    this.#system = new SystemKeys(connection.keyPrefix);
  }

  sweep(kind: SweepKind, limit: number, now: number): Promise<number> {
    return this.#sweeps[kind](limit, now);
  }

  async #sweepApiTokens(limit: number, now: number): Promise<number> {
    const { apiTokens } = this.#system;
    const records = await this.#connection.send(apiTokens, (client) => client.hvals(apiTokens));
    const expired = records
      .map((record) => decodeRecord<ApiToken>(record))
      .filter(({ expiresAt }) => expiresAt <= Math.floor(now / 1000) - RECORD_MARGIN_SECONDS)
      .slice(0, limit);
    if (expired.length === 0) return 0;
    return this.#connection.send(apiTokens, (client) =>
      client.hdel(apiTokens, ...expired.map(({ id }) => id)),
    );
  }

  /** Their keys live for as long as one of them is young, or their namespace was: so the old ones go here. */
  async #sweepNearMisses(limit: number, now: number): Promise<number> {
    let gone = 0;
    for (const { name, exists } of await this.#nearMissPlaces()) {
      if (gone >= limit) break;
      const { tenants, others, base } = await nearMissKeysOf(this.#connection.keyPrefix, name);
      const oldest = exists
        ? [now - NEAR_MISS_MS, Math.floor(now / 86_400_000) - NEAR_MISS_DAYS]
        : [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
      gone += Number(
        await this.#connection.run(SWEEP_NEAR_MISSES, [tenants, others], [base, ...oldest, limit - gone]),
      );
    }
    return gone;
  }

  /** Of all names that a namespace has or had: near misses of others are never kept. */
  async #nearMissPlaces(): Promise<readonly NearMissPlace[]> {
    const { keyPrefix } = this.#connection;
    const names = await listNames(this.#connection);
    const places = await Promise.all(
      names.map(async (name) => ({
        name,
        keys: await nearMissKeysOf(keyPrefix, name),
        meta: new NamespaceKeys(keyPrefix, name).meta,
      })),
    );
    const found = await Promise.all(
      places.map(async ({ name, keys, meta }) => {
        const [kept, exists] = await Promise.all([
          this.#connection.send(keys.tenants, (client) => client.exists(keys.tenants, keys.others)),
          this.#connection.send(meta, (client) => client.hexists(meta, "namespace")),
        ]);
        return { name, kept: kept > 0, exists: exists === 1 };
      }),
    );
    return found.filter(({ kept }) => kept);
  }
}
