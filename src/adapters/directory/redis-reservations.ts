import type { AuditEvent } from "../../domain/audit-event.ts";
import type { Reservation } from "../../usecases/store-records.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { encodeRecord } from "../redis/record.ts";
import { Script } from "../redis/script.ts";
import { MAX_STREAM_EVENTS, NamespaceKeys } from "./redis-keys.ts";
import { listNames } from "./redis-names.ts";

/**
 * Keys: meta, audit. Arguments: the event, the stream's cap. Answer: whether the name was reserved. A release holds
 * for the revision it was made at: whoever makes the namespace anew raises it, and so ends it. A name that never had a
 * namespace has neither.
 */
const RELEASE = new Script(`
local revision, namespace, released = unpack(redis.call('HMGET', KEYS[1], 'revision', 'namespace', 'released'), 1, 3)
if namespace or released == revision then return 0 end
redis.call('XLEN', KEYS[2])
redis.call('HSET', KEYS[1], 'released', revision)
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '*', 'event', ARGV[1])
return 1
`);

/** Names of removed namespaces: the `meta` hash of each stays, with its revision. */
export class RedisReservations {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async list(): Promise<readonly Reservation[]> {
    const names = await listNames(this.#connection);
    const metas = await Promise.all(
      names.map((name) => {
        const { meta } = this.#keysOf(name);
        return this.#connection.send(meta, (client) =>
          client.hmget(meta, "revision", "namespace", "released", "reserved"),
        );
      }),
    );
    return names.flatMap((name, at) => {
      const [revision = null, namespace = null, released = null, reserved = null] = metas[at] ?? [];
      // Both null: the name was announced, and nothing came of it.
      if (namespace !== null || released === revision) return [];
      return [{ name, since: Number(reserved ?? 0) }];
    });
  }

  async release(name: string, event: AuditEvent): Promise<boolean> {
    const { meta, audit } = this.#keysOf(name);
    return (
      1 ===
      (await this.#connection.runDurably(RELEASE, [meta, audit], [encodeRecord(event), MAX_STREAM_EVENTS]))
    );
  }

  #keysOf(name: string): NamespaceKeys {
    return new NamespaceKeys(this.#connection.keyPrefix, name);
  }
}
