import { namespaceOfRobot } from "../../domain/access/names.ts";
import type { Credential, StoredCredential } from "../../domain/accounts/credential.ts";
import { SHARDS } from "../../domain/accounts/secret.ts";
import type { CredentialPage, CredentialQuery } from "../../usecases/store-records.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { decodeRecord } from "../redis/record.ts";
import { Script } from "../redis/script.ts";
import { EPOCHS } from "./redis-epoch.ts";
import type { ShardKeys } from "./redis-keys.ts";

/** Members that one page looks at, whatever it finds. */
const MAX_LOOKED_AT = 5000;
/** Members that one script looks at: some milliseconds for Redis. */
const MAX_STEP = 1000;

/**
 * A step through one sorted set of a shard. Keys: the set, epoch. Arguments: base of the shard's keys, time (Unix
 * seconds), the member to go on behind or "", the beginning of the robot's name or "", how many to find at most, how
 * many to look at at most, 1 where an epoch follows the replication id. Answer: the last member that it looked at, or
 * "" at the end of the set; how many it looked at; and record, revocation or "", whether the epoch lasts, of each.
 *
 * Only expiry takes members out, the soonest first: where the member to go on behind is gone, all before it are.
 */
const LIST = new Script(`
${EPOCHS}
local set, epochKey = unpack(KEYS)
local base, now, after, robot = unpack(ARGV)
local limit, most = tonumber(ARGV[5]), tonumber(ARGV[6])

local start = redis.call('ZCOUNT', set, '-inf', now)
local rank = redis.call('ZRANK', set, after)
if rank and rank >= start then start = rank + 1 end
local members = redis.call('ZRANGE', set, start, start + most - 1)
local epoch = lastingEpoch(epochKey, ARGV[7] == '1')

local found, looked = {}, 0
while looked < #members and #found < limit do
  looked = looked + 1
  local member = members[looked]
  if string.sub(member, 36, 35 + #robot) == robot then
    local key = base .. 'cred:' .. string.sub(member, 1, 34)
    local record = redis.call('HMGET', key, 'record', 'revoked', 'epoch')
    if record[1] then
      found[#found + 1] = {record[1], record[2] or '', record[3] == epoch and 1 or 0}
    end
  end
end
local ended = looked == #members and #members < most
return {ended and '' or members[looked], looked, found}
`);

type Step = [last: string, looked: number, found: [record: string, revoked: string, epochStands: number][]];

/** A place in the list: behind a member of a shard's set, or at its beginning. */
interface Place {
  readonly shard: number;
  readonly member: string;
}

/** `Ledger.listCredentials`: shard by shard, each in the order of expiry. A page may be short and have a next. */
export async function listCredentials(
  connection: RedisConnection,
  shards: readonly ShardKeys[],
  query: CredentialQuery,
): Promise<CredentialPage> {
  const credentials: StoredCredential[] = [];
  let looked = 0;
  let place = parseCursor(query.after ?? "");
  for (let keys = shards[place.shard]; keys !== undefined; keys = shards[place.shard]) {
    const missing = query.limit - credentials.length;
    if (missing === 0 || looked >= MAX_LOOKED_AT) return { credentials, next: cursorOf(place) };
    const [last, lookedNow, found] = await step(connection, keys, query, place.member, missing);
    credentials.push(...found.filter((stored) => isAsked(stored, query)));
    looked += lookedNow;
    place = last === "" ? { shard: place.shard + 1, member: "" } : { shard: place.shard, member: last };
  }
  return { credentials };
}

async function step(
  connection: RedisConnection,
  keys: ShardKeys,
  { robotUid, namespace, now }: CredentialQuery,
  after: string,
  limit: number,
): Promise<[last: string, looked: number, found: StoredCredential[]]> {
  const set = robotUid === undefined ? keys.live : keys.robot(robotUid);
  // A robot's set has no names in its members.
  const robot = robotUid === undefined && namespace !== undefined ? `${namespace}+` : "";
  const [last, looked, found] = (await connection.run(
    LIST,
    [set, keys.epoch],
    [keys.base, now, after, robot, limit, MAX_STEP, connection.use.epochOnFailover ? 1 : 0],
  )) as Step;
  return [last, looked, found.map(storedOf)];
}

function storedOf([record, revoked, epochStands]: Step[2][number]): StoredCredential {
  const credential = decodeRecord<Credential>(record);
  return {
    credential: revoked === "" ? credential : { ...credential, revokedAt: Number(revoked) },
    epochStands: epochStands === 1,
  };
}

function isAsked({ credential }: StoredCredential, { namespace }: CredentialQuery): boolean {
  return namespace === undefined || namespaceOfRobot(credential.robot) === namespace;
}

function cursorOf({ shard, member }: Place): string {
  return `${String(shard).padStart(2, "0")}${member}`;
}

/** What is no cursor stands for the beginning. */
function parseCursor(text: string): Place {
  const [, shard = "0", member = ""] = /^(\d\d)(.*)$/.exec(text) ?? [];
  return Number(shard) < SHARDS ? { shard: Number(shard), member } : { shard: 0, member: "" };
}
