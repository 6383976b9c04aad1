import { createHash } from "node:crypto";
import { namespaceOfRobot, type RobotName } from "../../domain/access/names.ts";
import type { Account, Namespace, Robot } from "../../domain/accounts/robot.ts";
import type { PinnedIds } from "../../domain/rules/identity-pin.ts";
import type {
  CommitOutcome,
  IdentityPin,
  NamespaceChange,
  NamespaceRecords,
} from "../../usecases/store-records.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { decodeRecord, encodeRecord } from "../redis/record.ts";
import { MAX_STREAM_EVENTS, NamespaceKeys, SystemKeys } from "./redis-keys.ts";
import { listNames } from "./redis-names.ts";
import { decodeRobot, pairs, type RobotRecord, type RulesRecord } from "./redis-robots.ts";
import { COMMIT_NAMESPACE, FIND_ACCOUNT, PIN_IDENTITY, READ_NAMESPACE } from "./redis-scripts.ts";
import { type HeldRules, RulesCache } from "./rules-cache.ts";

/** A robot's pins stand apart as well: exchanges write them, and a change of the robot leaves them alone. */
interface PinsRecord {
  readonly uid: string;
  /** Id of a rule → the ids as JSON, which the scripts pass on as it is. */
  readonly pins: Readonly<Record<string, string>>;
}

/** Namespaces with their robots: each in one slot of its own, so that its changes and reads are atomic. */
export class RedisNamespaces {
  readonly #connection: RedisConnection;
  readonly #system: SystemKeys;
  readonly #rules = new RulesCache();

  constructor(connection: RedisConnection) {
    this.#connection = connection;
    this.#system = new SystemKeys(connection.keyPrefix);
  }

  async findAccount(name: RobotName): Promise<Account | undefined> {
    const keys = this.#keysOf(namespaceOfRobot(name));
    const held = this.#rules.find(name);
    const found = (await this.#connection.run(
      FIND_ACCOUNT,
      [keys.meta, keys.robots, keys.rules, keys.revisions, keys.pins],
      [name, held?.revision ?? ""],
    )) as [string, string, string, string, string] | null;
    if (found === null) return undefined;
    const [namespace, robot, revision, pins, text] = found;
    const current = held?.revision === revision ? held : decodeRules(revision, text);
    if (current !== held) this.#rules.hold(name, current);
    return {
      namespace: decodeRecord<Namespace>(namespace),
      robot: { ...decodeRecord<RobotRecord>(robot), rules: current.rules },
      ...(pins === "" ? {} : { pins: decodePins(pins) }),
    };
  }

  async pinIdentity({ robot, robotUid, ruleId, ids, event }: IdentityPin): Promise<PinnedIds | undefined> {
    const keys = this.#keysOf(namespaceOfRobot(robot));
    const empty = encodeRecord({ uid: robotUid, pins: {} } satisfies PinsRecord);
    const standing = (await this.#connection.runDurably(
      PIN_IDENTITY,
      [keys.robots, keys.pins, keys.audit],
      [robot, robotUid, ruleId, JSON.stringify(ids), empty, encodeRecord(event), MAX_STREAM_EVENTS],
    )) as string | null;
    return standing === null ? undefined : (JSON.parse(standing) as PinnedIds);
  }

  async readNamespace(name: string): Promise<NamespaceRecords | undefined> {
    const keys = this.#keysOf(name);
    const found = (await this.#connection.run(
      READ_NAMESPACE,
      [keys.meta, keys.robots, keys.rules, keys.pins],
      [],
    )) as [string, string, string[], string[], string[]] | null;
    if (found === null) return undefined;
    const [revision, namespace, robots, rules, pins] = found;
    const rulesByRobot = new Map(pairs(rules));
    return {
      revision: Number(revision),
      namespace: decodeRecord<Namespace>(namespace),
      robots: pairs(robots).map(([robot, record]) => decodeRobot(record, rulesByRobot.get(robot) ?? "")),
      pins: Object.fromEntries(pairs(pins).map(([robot, text]) => [robot, decodePins(text)])),
    };
  }

  async listNamespaces(): Promise<readonly Namespace[]> {
    const names = await listNames(this.#connection);
    const records = await Promise.all(
      names.map((name) => {
        const { meta } = this.#keysOf(name);
        return this.#connection.send(meta, (client) => client.hget(meta, "namespace"));
      }),
    );
    return records.filter((record) => record !== null).map((record) => decodeRecord<Namespace>(record));
  }

  async commit(change: NamespaceChange): Promise<CommitOutcome> {
    const keys = this.#keysOf(change.name);
    if (change.fromRevision === 0) await this.#announce(change.name);
    const answer = await this.#connection.runDurably(
      COMMIT_NAMESPACE,
      [keys.meta, keys.robots, keys.rules, keys.revisions, keys.pins, keys.names, keys.audit],
      [
        change.fromRevision,
        change.namespace === undefined ? "" : encodeRecord(change.namespace),
        encodeRecord(change.event),
        MAX_STREAM_EVENTS,
        JSON.stringify({ put: change.putRobots.map(encodeRobot), remove: change.removeRobots }),
      ],
    );
    return answer as CommitOutcome;
  }

  /**
   * Lists a name before its namespace is made: another slot holds the list, and a crash between the two leaves a
   * name without a namespace, which readers pass over, and never a namespace without a name. For the same reason
   * no name is taken off the list: whoever made the namespace anew at that moment would lose it. The list is as
   * long as that of the revisions, which stay as well.
   */
  async #announce(name: string): Promise<void> {
    await this.#connection.write("SADD", this.#system.namespaces, name);
  }

  #keysOf(name: string): NamespaceKeys {
    return new NamespaceKeys(this.#connection.keyPrefix, name);
  }
}

function encodeRobot({ rules, ...record }: Robot) {
  const text = encodeRecord({ rules } satisfies RulesRecord);
  return {
    name: record.name,
    uid: record.uid,
    pinning: rules.filter(({ pin }) => pin !== undefined).map(({ id }) => id),
    record: encodeRecord(record satisfies RobotRecord),
    rules: text,
    revision: createHash("sha256").update(text).digest("base64url"),
  };
}

function decodeRules(revision: string, text: string): HeldRules {
  return { revision, ...decodeRecord<RulesRecord>(text), characters: text.length };
}

function decodePins(text: string): Record<string, PinnedIds> {
  const { pins } = decodeRecord<PinsRecord>(text);
  return Object.fromEntries(Object.entries(pins).map(([id, ids]) => [id, JSON.parse(ids) as PinnedIds]));
}
