import type { ObjectBindings } from "../../adapters/durable-object/bindings.ts";
import { connectRedis } from "../../adapters/redis/connection.ts";
import { checkServer } from "../../adapters/redis/server-check.ts";
import { portOfRequest } from "../../adapters/runtime/port-of-request.ts";
import type { RequestScope } from "../../adapters/runtime/request-scope.ts";
import type { RedisSettings } from "../../config/settings/redis-settings.ts";
import type { Settings } from "../../config/settings.ts";
import { ConfigurationError } from "../configuration-error.ts";
import { openDurableObjectStores } from "../durable-object-stores.ts";
import { portsOnRedis, type StorePorts } from "../redis-stores.ts";

/** Every port of a store, which any request may call. */
export interface WorkerStores extends StorePorts {
  readonly name: "durable-object" | "redis";
  /** What an operator should know of the store. Throws ConfigurationError where it must not be used. */
  check(): Promise<readonly string[]>;
}

/** Durable Objects, or the Redis that the settings name. Opens nothing before a request asks for it. */
export function workerStores(
  settings: Settings,
  bindings: ObjectBindings,
  scope: RequestScope,
): WorkerStores {
  if (settings.redis !== undefined) return onRedis(settings.redis, settings.storeTimeoutMs, scope);
  const stores = openDurableObjectStores(bindings, { timeoutMs: settings.storeTimeoutMs });
  return { ...stores, name: "durable-object", check: async () => [] };
}

/** One connection a request: one that is shared hangs, or takes the other requests along when its own ends. */
function onRedis(redis: RedisSettings, deadlineMs: number, scope: RequestScope): WorkerStores {
  const connected = scope.slot(
    () => {
      const connection = connectRedis({ url: redis.url, keyPrefix: redis.prefix, deadlineMs });
      return { connection, ports: portsOnRedis(connection) };
    },
    async ({ connection }) => connection.close(),
  );
  const port = <Name extends keyof StorePorts>(name: Name): StorePorts[Name] =>
    portOfRequest(async () => {
      const { connection, ports } = connected();
      await connection.whenReady();
      return ports[name];
    });
  return {
    name: "redis",
    directory: port("directory"),
    apiTokens: port("apiTokens"),
    ledger: port("ledger"),
    nearMisses: port("nearMisses"),
    auditLog: port("auditLog"),
    sweeper: port("sweeper"),
    check: async () => {
      const { problems, warnings } = await checkServer(connected().connection);
      if (problems.length > 0) throw new ConfigurationError(problems);
      return warnings;
    },
  };
}
