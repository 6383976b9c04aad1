import { namespaceOfRobot, type RobotName } from "../../domain/access/names.ts";
import type { Namespace, Robot } from "../../domain/accounts/robot.ts";
import type { FederationRule } from "../../domain/rules/federation-rule.ts";
import type { RobotRecords } from "../../usecases/store-records.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { decodeRecord } from "../redis/record.ts";
import { Script } from "../redis/script.ts";
import { NamespaceKeys } from "./redis-keys.ts";
import { INDEX_NAMES } from "./redis-scripts.ts";

/** A robot's rules stand apart from its record: they are large, and change seldom. */
export type RobotRecord = Omit<Robot, "rules">;
export interface RulesRecord {
  readonly rules: readonly FederationRule[];
}

/** Keys: meta, robots, rules. Argument: robot. Answer: nil for no namespace, else revision, namespace, robot, rules. */
const READ_ROBOT = new Script(`
local meta = redis.call('HMGET', KEYS[1], 'revision', 'namespace')
if not meta[2] then return false end
return {meta[1], meta[2], redis.call('HGET', KEYS[2], ARGV[1]), redis.call('HGET', KEYS[3], ARGV[1])}
`);

/**
 * Keys: meta, robots, rules, names. Arguments: where it begins, as ZRANGEBYLEX has it, how many at most. Answer: robot,
 * rules, robot, rules. Where a process of the release before has written last, the names are put in order first: of
 * 100,000 that takes a fraction of a second, once.
 */
const LIST_ROBOTS = new Script(`
local metaKey, robotsKey, rulesKey, namesKey = unpack(KEYS)
local meta = redis.call('HMGET', metaKey, 'revision', 'indexed')
${INDEX_NAMES}
if meta[2] ~= meta[1] then
  indexNames(robotsKey, namesKey)
  redis.call('HSET', metaKey, 'indexed', meta[1])
end

local found = {}
for at, name in ipairs(redis.call('ZRANGEBYLEX', namesKey, ARGV[1], '+', 'LIMIT', 0, ARGV[2])) do
  found[2 * at - 1] = redis.call('HGET', robotsKey, name)
  found[2 * at] = redis.call('HGET', rulesKey, name)
end
return found
`);

/** Robots one by one, or a page of them. */
export class RedisRobots {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async read(name: RobotName): Promise<RobotRecords | undefined> {
    const keys = this.#keysOf(namespaceOfRobot(name));
    const found = (await this.#connection.run(READ_ROBOT, [keys.meta, keys.robots, keys.rules], [name])) as
      | [string, string, string | null, string | null]
      | null;
    if (found === null) return undefined;
    const [revision, namespace, robot, rules] = found;
    return {
      revision: Number(revision),
      namespace: decodeRecord<Namespace>(namespace),
      robot: robot === null ? undefined : decodeRobot(robot, rules ?? ""),
    };
  }

  /** The names are in an index (`NamespaceKeys.names`), by their bytes, which are ASCII: as code units compare. */
  async list(namespace: string, after: string, limit: number): Promise<readonly Robot[]> {
    const { meta, robots, rules, names } = this.#keysOf(namespace);
    const from = after === "" ? "-" : `(${after}`;
    const found = (await this.#connection.run(
      LIST_ROBOTS,
      [meta, robots, rules, names],
      [from, limit],
    )) as string[];
    return pairs(found).map(([robot, rulesOfRobot]) => decodeRobot(robot, rulesOfRobot));
  }

  #keysOf(namespace: string): NamespaceKeys {
    return new NamespaceKeys(this.#connection.keyPrefix, namespace);
  }
}

export function decodeRobot(robot: string, rules: string): Robot {
  return { ...decodeRecord<RobotRecord>(robot), ...decodeRecord<RulesRecord>(rules) };
}

/** A list as a script answers it: name, value, name, value. */
export function pairs(flat: readonly string[]): [string, string][] {
  return flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1] ?? ""] as [string, string]] : []));
}
