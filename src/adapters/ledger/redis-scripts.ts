import { Script } from "../redis/script.ts";

/**
 * `Ledger.revoke` over one shard. Keys: credential, audit. Arguments: base of the shard's keys, credential id,
 * time (Unix seconds), event, cap of the stream.
 *
 * A retry key goes with its credential, in the mark: it must not bring back what somebody ended, not even when
 * the credential's record is long gone and the identity token still valid.
 */
export const REVOKE = new Script(`
local base, id, at, event, maxEvents = unpack(ARGV)
local found = redis.call('HMGET', KEYS[1], 'revoked', 'robot', 'epoch', 'mark', 'markExpiresAt', 'reusable')
local revoked, robot, epoch, mark, markExpiresAt, reusable = unpack(found, 1, 6)
if not robot then return 'unknown' end
if revoked then return 'unchanged' end
redis.call('XLEN', KEYS[2])

redis.call('HSET', KEYS[1], 'revoked', at)
if reusable == '1' then
  redis.call('SET', base .. 'mark:' .. mark, 'blocked', 'PXAT', markExpiresAt * 1000)
  redis.call('ZREM', base .. 'reusable:' .. robot, epoch .. ' ' .. id)
else
  redis.call('SET', base .. 'mark:' .. mark, id .. ' ', 'XX', 'KEEPTTL')
end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', maxEvents, '*', 'event', event)
return 'revoked'
`);
