import type { AuditQuery } from "../../domain/audit-query.ts";
import { NamespaceKeys, SystemKeys } from "../directory/redis-keys.ts";
import { listNames } from "../directory/redis-names.ts";
import { eventOf } from "../ledger/redis-events.ts";
import { ALL_SHARDS, ShardKeys } from "../ledger/redis-keys.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { askedNamespace } from "./asked-namespace.ts";
import { endBehind, placeOf } from "./redis-stream-place.ts";
import type { EventStream } from "./stream-walk.ts";

/** A stream of audit events in Redis. */
export interface AuditStream {
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
  const namespaces = asked === undefined ? await listNames(connection) : [asked];
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

/** The stream as a walk over all of them reads it. */
export function eventStream(connection: RedisConnection, { label, key }: AuditStream): EventStream {
  return {
    label,
    read: async (place, count) => {
      const end = endBehind(place, label);
      const entries = await connection.send(key, (client) => client.xrevrange(key, end, "-", "COUNT", count));
      return entries.map(([id, fields]) => ({ place: placeOf(label, id), event: () => eventOf(fields) }));
    },
  };
}
