import { Script } from "../redis/script.ts";

/**
 * Keys: meta, robots, rules, revisions. Arguments: robot, the revision of the rules that the caller holds.
 * Answer: nil for no account, else namespace, robot, revision, and the rules or "" where the caller's are right.
 */
export const FIND_ACCOUNT = new Script(`
local namespace = redis.call('HGET', KEYS[1], 'namespace')
local robot = redis.call('HGET', KEYS[2], ARGV[1])
if not namespace or not robot then return false end
local revision = redis.call('HGET', KEYS[4], ARGV[1])
if revision == ARGV[2] then return {namespace, robot, revision, ''} end
return {namespace, robot, revision, redis.call('HGET', KEYS[3], ARGV[1])}
`);

/** Keys: meta, robots, rules. Answer: nil for no namespace, else revision, namespace, robots and rules, flat. */
export const READ_NAMESPACE = new Script(`
local meta = redis.call('HMGET', KEYS[1], 'revision', 'namespace')
if not meta[2] then return false end
return {meta[1], meta[2], redis.call('HGETALL', KEYS[2]), redis.call('HGETALL', KEYS[3])}
`);

/**
 * Keys: meta, robots, rules, revisions, audit. Arguments: the revision of origin, the namespace or "" for none,
 * the event, the stream's cap, the change as JSON: `put` (name, record, rules, revision of the rules) and
 * `remove` (names). As in `redeem`, all keys are read before one is written.
 */
export const COMMIT_NAMESPACE = new Script(`
local metaKey, robotsKey, rulesKey, revisionsKey, auditKey = unpack(KEYS)
local from, namespace, event, maxEvents = unpack(ARGV)
local change = cjson.decode(ARGV[5])
local meta = redis.call('HMGET', metaKey, 'revision', 'namespace')
local current = meta[2] and meta[1] or '0'
if current ~= from then return 'conflict' end
redis.call('HLEN', robotsKey)
redis.call('HLEN', rulesKey)
redis.call('HLEN', revisionsKey)
redis.call('XLEN', auditKey)

redis.call('HINCRBY', metaKey, 'revision', 1)
if namespace == '' then
  redis.call('HDEL', metaKey, 'namespace')
  redis.call('DEL', robotsKey, rulesKey, revisionsKey)
else
  redis.call('HSET', metaKey, 'namespace', namespace)
  for _, name in ipairs(change.remove) do
    redis.call('HDEL', robotsKey, name)
    redis.call('HDEL', rulesKey, name)
    redis.call('HDEL', revisionsKey, name)
  end
  for _, robot in ipairs(change.put) do
    redis.call('HSET', robotsKey, robot.name, robot.record)
    redis.call('HSET', rulesKey, robot.name, robot.rules)
    redis.call('HSET', revisionsKey, robot.name, robot.revision)
  end
end
redis.call('XADD', auditKey, 'MAXLEN', '~', maxEvents, '*', 'event', event)
return 'committed'
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
