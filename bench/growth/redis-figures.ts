import type { RedisConnection } from "../../src/adapters/redis/connection.ts";

/** Numbers of INFO. */
export interface RedisFigures {
  /** Bytes of all that Redis holds, its own tables among them. */
  readonly usedMemory: number;
  readonly aofBytes: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export async function readFigures(connection: RedisConnection): Promise<RedisFigures> {
  const info = await connection.send("", (client) => client.info());
  const numberOf = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, "m").exec(info)?.[1]);
  return {
    usedMemory: numberOf("used_memory"),
    aofBytes: numberOf("aof_current_size"),
    bytesIn: numberOf("total_net_input_bytes"),
    bytesOut: numberOf("total_net_output_bytes"),
  };
}

/** How each grew, divided by `count`. */
export function growthOf(before: RedisFigures, after: RedisFigures, count: number): RedisFigures {
  return {
    usedMemory: (after.usedMemory - before.usedMemory) / count,
    aofBytes: (after.aofBytes - before.aofBytes) / count,
    bytesIn: (after.bytesIn - before.bytesIn) / count,
    bytesOut: (after.bytesOut - before.bytesOut) / count,
  };
}

/** Bytes of the first key that is like `pattern`, as MEMORY USAGE counts them; of a stream, of one entry of it. */
export async function bytesOfOne(connection: RedisConnection, pattern: string): Promise<number | undefined> {
  const key = await firstKey(connection, pattern);
  if (key === undefined) return undefined;
  const [bytes, type] = await connection.send("", (client) =>
    Promise.all([client.memory("USAGE", key, "SAMPLES", "0"), client.type(key)]),
  );
  const entries = type === "stream" ? await connection.send(key, (client) => client.xlen(key)) : 1;
  return Number(bytes) / entries;
}

async function firstKey(connection: RedisConnection, pattern: string): Promise<string | undefined> {
  let cursor = "0";
  do {
    const [next, keys] = await connection.send("", (client) =>
      client.scan(cursor, "MATCH", pattern, "COUNT", 1000),
    );
    if (keys[0] !== undefined) return keys[0];
    cursor = next;
  } while (cursor !== "0");
  return undefined;
}
