import type { RedisConnection } from "../redis/connection.ts";
import { SystemKeys } from "./redis-keys.ts";

/** The name of every namespace that there is, and of some that there were or are about to be. */
export function listNames(connection: RedisConnection): Promise<readonly string[]> {
  const { namespaces } = new SystemKeys(connection.keyPrefix);
  return connection.send(namespaces, (client) => client.smembers(namespaces));
}
