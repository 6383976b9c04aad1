import { Script } from "../redis/script.ts";

/**
 * Keys: meta, robots, rules, revisions, pins. Arguments: robot, the revision of the rules that the caller holds.
 * Answer: nil for no account, else namespace, robot, revision, pins or "", and the rules or "" where the caller's
 * are right.
 */
export const FIND_ACCOUNT = new Script(`
local namespace = redis.call('HGET', KEYS[1], 'namespace')
local robot = redis.call('HGET', KEYS[2], ARGV[1])
if not namespace or not robot then return false end
local revision = redis.call('HGET', KEYS[4], ARGV[1])
local pins = redis.call('HGET', KEYS[5], ARGV[1]) or ''
if revision == ARGV[2] then return {namespace, robot, revision, pins, ''} end
return {namespace, robot, revision, pins, redis.call('HGET', KEYS[3], ARGV[1])}
`);

/**
 * Keys: meta, robots, rules, pins. Answer: nil for no namespace, else revision, namespace, robots, rules and pins,
 * flat.
 */
export const READ_NAMESPACE = new Script(`
local meta = redis.call('HMGET', KEYS[1], 'revision', 'namespace')
if not meta[2] then return false end
return {meta[1], meta[2], redis.call('HGETALL', KEYS[2]), redis.call('HGETALL', KEYS[3]),
  redis.call('HGETALL', KEYS[4])}
`);

/** A part of scripts: makes the index of the robots' names from nothing. */
export const INDEX_NAMES = `
local function indexNames(robotsKey, namesKey)
  redis.call('UNLINK', namesKey)
  for _, name in ipairs(redis.call('HKEYS', robotsKey)) do redis.call('ZADD', namesKey, 0, name) end
end
`;

/**
 * Keys: meta, robots, rules, revisions, pins, names, audit. Arguments: the revision of origin, the namespace or "" for
 * none, the event, the stream's cap, the change as JSON: `put` (name, uid, record, rules, revision of the rules,
 * ids of the rules that pin) and `remove` (names). As in `redeem`, all keys are read before one is written.
 */
export const COMMIT_NAMESPACE = new Script(`
local metaKey, robotsKey, rulesKey, revisionsKey, pinsKey, namesKey, auditKey = unpack(KEYS)
local from, namespace, event, maxEvents = unpack(ARGV)
local change = cjson.decode(ARGV[5])
local meta = redis.call('HMGET', metaKey, 'revision', 'namespace', 'indexed')
local current = meta[2] and meta[1] or '0'
if current ~= from then return 'conflict' end
redis.call('HLEN', robotsKey)
redis.call('HLEN', rulesKey)
redis.call('HLEN', revisionsKey)
redis.call('HLEN', pinsKey)
redis.call('ZCARD', namesKey)
redis.call('XLEN', auditKey)
${INDEX_NAMES}
local function keepPins(robot)
  local text = redis.call('HGET', pinsKey, robot.name)
  if not text then return end
  local record, kept = cjson.decode(text), {}
  for _, id in ipairs(robot.pinning) do kept[id] = record.pins[id] end
  if record.uid ~= robot.uid or not next(kept) then return redis.call('HDEL', pinsKey, robot.name) end
  record.pins = kept
  redis.call('HSET', pinsKey, robot.name, cjson.encode(record))
end

local revision = redis.call('HINCRBY', metaKey, 'revision', 1)
if namespace == '' then
  redis.call('HDEL', metaKey, 'namespace')
  redis.call('HSET', metaKey, 'reserved', redis.call('TIME')[1])
  redis.call('UNLINK', robotsKey, rulesKey, revisionsKey, pinsKey, namesKey)
else
  redis.call('HSET', metaKey, 'namespace', namespace)
  redis.call('HDEL', metaKey, 'reserved')
  for _, name in ipairs(change.remove) do
    redis.call('HDEL', robotsKey, name)
    redis.call('HDEL', rulesKey, name)
    redis.call('HDEL', revisionsKey, name)
    redis.call('HDEL', pinsKey, name)
    redis.call('ZREM', namesKey, name)
  end
  for _, robot in ipairs(change.put) do
    redis.call('HSET', robotsKey, robot.name, robot.record)
    redis.call('HSET', rulesKey, robot.name, robot.rules)
    redis.call('HSET', revisionsKey, robot.name, robot.revision)
    redis.call('ZADD', namesKey, 0, robot.name)
    keepPins(robot)
  end
  if meta[3] ~= meta[1] then indexNames(robotsKey, namesKey) end
end
redis.call('HSET', metaKey, 'indexed', revision)
redis.call('XADD', auditKey, 'MAXLEN', '~', maxEvents, '*', 'event', event)
return 'committed'
`);

/**
 * Keys: robots, pins, audit. Arguments: robot, its uid, the rule's id, the ids as a text, the record of a robot that
 * has no pins, the event, the stream's cap. Answer: the ids that stand, as their text; nil where the robot is none,
 * or another.
 */
export const PIN_IDENTITY = new Script(`
local robotsKey, pinsKey, auditKey = unpack(KEYS)
local name, uid, ruleId, ids, empty, event, maxEvents = unpack(ARGV)
local robot = redis.call('HGET', robotsKey, name)
if not robot or cjson.decode(robot).uid ~= uid then return false end
local record = cjson.decode(redis.call('HGET', pinsKey, name) or empty)
if record.pins[ruleId] then return record.pins[ruleId] end
redis.call('XLEN', auditKey)

record.pins[ruleId] = ids
redis.call('HSET', pinsKey, name, cjson.encode(record))
redis.call('XADD', auditKey, 'MAXLEN', '~', maxEvents, '*', 'event', event)
return ids
`);

/** Keys: revision, issuers, registries. Answer: the three, the hashes flat. */
export const READ_SYSTEM = new Script(`
return {redis.call('GET', KEYS[1]) or '0', redis.call('HGETALL', KEYS[2]), redis.call('HGETALL', KEYS[3])}
`);

/**
 * Keys: revision, issuers, registries, audit. Arguments: the revision of origin, the event, the stream's cap, the
 * change as JSON: `putIssuers`, `putRegistries` (pairs of name and record), `removeIssuers`, `removeRegistries`.
 */
export const COMMIT_SYSTEM = new Script(`
local revisionKey, issuersKey, registriesKey, auditKey = unpack(KEYS)
local change = cjson.decode(ARGV[4])
if (redis.call('GET', revisionKey) or '0') ~= ARGV[1] then return 'conflict' end
redis.call('HLEN', issuersKey)
redis.call('HLEN', registriesKey)
redis.call('XLEN', auditKey)

redis.call('INCR', revisionKey)
for _, name in ipairs(change.removeIssuers) do redis.call('HDEL', issuersKey, name) end
for _, name in ipairs(change.removeRegistries) do redis.call('HDEL', registriesKey, name) end
for _, pair in ipairs(change.putIssuers) do redis.call('HSET', issuersKey, pair[1], pair[2]) end
for _, pair in ipairs(change.putRegistries) do redis.call('HSET', registriesKey, pair[1], pair[2]) end
redis.call('XADD', auditKey, 'MAXLEN', '~', ARGV[3], '*', 'event', ARGV[2])
return 'committed'
`);

/** Keys: lease. Arguments: holder, milliseconds. Answer: whether the holder has it now. */
export const ACQUIRE_LEASE = new Script(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`);

/** Keys: lease. Argument: holder. */
export const RELEASE_LEASE = new Script(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`);
