import { isRobotName, namespaceOfRobot } from "../../domain/access/names.ts";
import type { AuditQuery } from "../../domain/audit-query.ts";
import { NamespaceKeys, SystemKeys } from "../directory/redis-keys.ts";
import { ALL_SHARDS, ShardKeys } from "../ledger/redis-keys.ts";
import type { RedisConnection } from "../redis/connection.ts";

/** A stream of audit events. */
export interface AuditStream {
  /** Stands for it in a cursor, and puts events of one millisecond in order. */
  readonly label: string;
  readonly key: string;
}

/**
 * The streams in which an event that `query` asks for may be: those of the ledger and of the system, which hold
 * events of all namespaces, and of the namespaces that it is about.
 */
export async function auditStreams(
  connection: RedisConnection,
  query: AuditQuery,
): Promise<readonly AuditStream[]> {
  const { keyPrefix } = connection;
  const asked = askedNamespace(query);
  const namespaces = asked === undefined ? await listedNamespaces(connection) : [asked];
  return [
    ...ALL_SHARDS.flatMap((shard) => {
      const { audit, refusals } = new ShardKeys(keyPrefix, shard);
      return [
        { label: `s${shard}`, key: audit },
        { label: `r${shard}`, key: refusals },
      ];
    }),
    { label: "sys", key: new SystemKeys(keyPrefix).audit },
    ...namespaces.map((name) => ({ label: `n.${name}`, key: new NamespaceKeys(keyPrefix, name).audit })),
  ];
}

/** Every namespace that there is, and some that there were or are about to be. */
export function listedNamespaces(connection: RedisConnection): Promise<readonly string[]> {
  return connection.send((client) => client.smembers(new SystemKeys(connection.keyPrefix).namespaces));
}

function askedNamespace({ namespace, robot }: AuditQuery): string | undefined {
  if (namespace !== undefined) return namespace;
  return robot !== undefined && isRobotName(robot) ? namespaceOfRobot(robot) : undefined;
}
