import { Script } from "../redis/script.ts";
import { EPOCHS } from "./redis-epoch.ts";

/**
 * `Ledger.redeem` over one shard.
 *
 * Keys: epoch, mark, credential, robot, reusable, audit, live. Arguments: the facts (`RedeemFacts`) as JSON, the record,
 * the event. Answer: kind, and the id of the credential that a retry replaced, or "".
 *
 * A script is not rolled back. So everything is read before anything is written, which is where a wrong type or
 * a replica shows; and the first credential is dead before its successor is there.
 */
export const REDEEM = new Script(`
${EPOCHS}
local facts = cjson.decode(ARGV[1])
local record, event = ARGV[2], ARGV[3]
local epochKey, markKey, credentialKey, robotKey, reusableKey, auditKey, liveKey = unpack(KEYS)

local time = redis.call('TIME')
local now = tonumber(time[1])
local nowMs = now * 1000 + math.floor(time[2] / 1000)

if math.abs(nowMs - facts.callerMs) > facts.maxSkewMs then return {'clock_skew', ''} end
if facts.markExpiresAt <= now then return {'mark_expired', ''} end

local epochId, born = lastingEpoch(epochKey, facts.epochFollows)
if not epochId then
  epochId, born = facts.newEpoch, nowMs
  beginEpoch(epochKey, epochId, born, facts.epochFollows or followsAlready(epochKey))
end
if facts.tokenIssuedAt * 1000 <= tonumber(born) then return {'predates_epoch', ''} end

local mark = redis.call('GET', markKey)
if facts.reusable and mark then return {'blocked', ''} end

-- The same redemption once more: its first answer was lost.
local own = redis.call('HMGET', credentialKey, 'epoch', 'revoked', 'replaced')
if own[1] then
  if own[2] or own[1] ~= epochId then return {'used', ''} end
  return {'minted', own[3]}
end

local first = ''
local firstKey, firstThere
if mark then
  local retryKeyHash
  first, retryKeyHash = string.match(mark, '^(%x+) (%x*)$')
  if not facts.retryKeyHash or facts.retryKeyHash ~= retryKeyHash then return {'used', ''} end
  firstKey = facts.base .. 'cred:' .. first
  firstThere = redis.call('HEXISTS', firstKey, 'robot') == 1
end

local live = 0
for _, member in ipairs(redis.call('ZRANGEBYSCORE', reusableKey, '(' .. now, '+inf')) do
  -- Those of an epoch that has ended are dead.
  if string.sub(member, 1, #epochId) == epochId then live = live + 1 end
end
if facts.reusable and live >= facts.maxReusable then return {'too_many', ''} end
redis.call('ZCARD', robotKey)
redis.call('ZCARD', liveKey)
redis.call('XLEN', auditKey)

if firstThere then redis.call('HSET', firstKey, 'revoked', now) end

redis.call('HSET', credentialKey, 'record', record, 'epoch', epochId, 'replaced', first,
  'robot', facts.robotUid, 'mark', facts.replayKey, 'markExpiresAt', facts.markExpiresAt,
  'reusable', facts.reusable and 1 or 0)
redis.call('EXPIREAT', credentialKey, facts.recordExpiresAt)
if not facts.reusable then
  redis.call('SET', markKey, facts.id .. ' ' .. (facts.retryKeyHash or ''), 'PXAT', facts.markExpiresAt * 1000)
end

local function list(key, member)
  redis.call('ZADD', key, facts.expiresAt, member)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
  local last = redis.call('ZRANGE', key, -1, -1, 'WITHSCORES')
  if last[2] then redis.call('EXPIREAT', key, last[2]) end
end
list(robotKey, facts.id)
list(liveKey, facts.id .. ' ' .. facts.robot)
if facts.reusable then list(reusableKey, epochId .. ' ' .. facts.id) end

local fields = {'event', event}
if first ~= '' then fields = {'event', event, 'replaced', first} end
redis.call('XADD', auditKey, 'MAXLEN', '~', facts.maxEvents, '*', unpack(fields))
return {'minted', first}
`);

/** What the script decides by; the record and the event it only stores. Times are Unix seconds. */
export interface RedeemFacts {
  readonly callerMs: number;
  readonly maxSkewMs: number;
  readonly markExpiresAt: number;
  readonly tokenIssuedAt: number;
  /** The epoch's id if the shard has none. */
  readonly newEpoch: string;
  /** Whether an epoch ends with the replication id (redis-epoch.ts). */
  readonly epochFollows: boolean;
  readonly reusable: boolean;
  readonly maxReusable: number;
  readonly replayKey: string;
  readonly retryKeyHash: string | undefined;
  readonly id: string;
  readonly robot: string;
  readonly robotUid: string;
  readonly expiresAt: number;
  readonly recordExpiresAt: number;
  readonly maxEvents: number;
  readonly base: string;
}
