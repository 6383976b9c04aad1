import { shardOfHash } from "../../domain/accounts/secret.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { encodeRecord } from "../redis/record.ts";
import { Script } from "../redis/script.ts";
import { nodeSha256 } from "../runtime/node-sha256.ts";
import type { ShardKeys } from "./redis-keys.ts";

/** Events kept of each shard, about: Redis drops whole nodes of a stream. */
export const MAX_EVENTS = 2000;
const MAX_REFUSALS = 500;
/** Some 50 KB: Redis does nothing else meanwhile. */
const MAX_IN_SCRIPT = 100;

/** Key: stream. Arguments: its cap, the events. */
const APPEND = new Script(`
for at = 2, #ARGV do redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'event', ARGV[at]) end
return #ARGV - 1
`);

interface EventStream {
  readonly key: string;
  readonly cap: number;
}

/** The ledger's streams of events, two a shard: refusals stand apart, so that a flood of them pushes out nothing else. */
export class RedisEventStreams {
  readonly #connection: RedisConnection;
  readonly #granted: readonly EventStream[];
  readonly #refused: readonly EventStream[];

  constructor(connection: RedisConnection, shards: readonly ShardKeys[]) {
    this.#connection = connection;
    this.#granted = shards.map(({ audit }) => ({ key: audit, cap: MAX_EVENTS }));
    this.#refused = shards.map(({ refusals }) => ({ key: refusals, cap: MAX_REFUSALS }));
  }

  /** In their order, many a script: a call for each event would cost this process more than the event itself did. */
  async append(events: readonly AuditEvent[]): Promise<void> {
    const groups = Map.groupBy(events, (event) => this.#streamOf(event));
    await Promise.all([...groups].flatMap(([stream, group]) => this.#appendTo(stream, group)));
  }

  #appendTo({ key, cap }: EventStream, events: readonly AuditEvent[]): readonly Promise<unknown>[] {
    const texts = events.map(encodeRecord);
    const parts = Array.from({ length: Math.ceil(texts.length / MAX_IN_SCRIPT) }, (_, at) =>
      texts.slice(at * MAX_IN_SCRIPT, (at + 1) * MAX_IN_SCRIPT),
    );
    return parts.map((part) => this.#connection.run(APPEND, [key], [cap, ...part]));
  }

  /** Spreads the events of all robots, and keeps those of one together. */
  #streamOf(event: AuditEvent): EventStream {
    const shard = shardOfHash(nodeSha256(event.robot ?? event.requestId));
    const stream = (event.kind.endsWith(".refused") ? this.#refused : this.#granted)[shard];
    if (stream === undefined) throw new RangeError(`there is no shard ${shard}`);
    return stream;
  }
}
