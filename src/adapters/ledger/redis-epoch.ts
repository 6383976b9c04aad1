import { Script } from "../redis/script.ts";

/**
 * A part of scripts. With `BERTH_REDIS_EPOCH_ON_FAILOVER` an epoch also ends where it began: another replication id
 * says that this server was not the primary then, or has been started since, and what it has forgotten nobody knows.
 * Asked in the very script that rests on it, so that no failover comes between.
 *
 * The setting stands in the store with the epoch, and each one that follows has it: a process without it would take
 * the epoch for lasting after the failover that ended it, and with it the marks for whole. Only a new epoch that
 * somebody without the setting asks for takes it away.
 */
export const EPOCHS = `
local function replicationId()
  return string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
end

-- The id of the epoch that lasts, and when it was born; nil where there is none. \`follows\` is the setting.
local function lastingEpoch(key, follows)
  local epoch = redis.call('HMGET', key, 'id', 'born', 'replid')
  if not epoch[1] or (epoch[3] or follows) and epoch[3] ~= replicationId() then return nil end
  return epoch[1], epoch[2]
end

local function followsAlready(key)
  return redis.call('HEXISTS', key, 'replid') == 1
end

local function beginEpoch(key, id, born, follows)
  redis.call('HSET', key, 'id', id, 'born', born)
  if follows then redis.call('HSET', key, 'replid', replicationId()) else redis.call('HDEL', key, 'replid') end
end
`;

/**
 * Keys: epoch. Arguments: the id of the new one, `keep` to leave one that lasts, 1 where it follows the replication
 * id. Born by the store's clock, since it is compared with what `redeem` reads there. One that was begun without the
 * setting is taken as it is: nothing says that it has ended.
 */
export const BEGIN_EPOCH = new Script(`
${EPOCHS}
local follows = ARGV[3] == '1'
if ARGV[2] == 'keep' then
  if lastingEpoch(KEYS[1], follows) then return 0 end
  local epoch = redis.call('HMGET', KEYS[1], 'id', 'replid')
  if epoch[1] and not epoch[2] then return redis.call('HSET', KEYS[1], 'replid', replicationId()) end
  follows = followsAlready(KEYS[1]) or follows
end
local time = redis.call('TIME')
beginEpoch(KEYS[1], ARGV[1], time[1] * 1000 + math.floor(time[2] / 1000), follows)
return 1
`);

/**
 * Keys: credential, epoch. Argument: 1 where an epoch follows the replication id. Answer: record and revocation, or
 * nil, and whether the credential's epoch lasts.
 */
export const FIND_CREDENTIAL = new Script(`
${EPOCHS}
local found = redis.call('HMGET', KEYS[1], 'record', 'revoked', 'epoch')
return {found[1], found[2], found[3] and found[3] == lastingEpoch(KEYS[2], ARGV[1] == '1') and 1 or 0}
`);
