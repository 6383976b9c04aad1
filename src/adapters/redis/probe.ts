import type { RedisConnection } from "./connection.ts";

const LASTS_SECONDS = 60;

/**
 * Resolves when every server that has keys under one of `bases` takes a write, and keeps it as the settings ask. A
 * PING is answered by a server that is read-only, out of memory or short of replicas.
 */
export async function probe(connection: RedisConnection, bases: readonly string[]): Promise<void> {
  const chosen = connection.onePerNode(bases);
  await Promise.all(chosen.map((base) => connection.write("SET", `${base}probe`, 1, "EX", LASTS_SECONDS)));
}
