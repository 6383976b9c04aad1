import type { AuditQuery } from "../../domain/audit-query.ts";
import type { AuditLog } from "../../usecases/ports.ts";
import type { AuditPage, AuditPageRequest } from "../../usecases/store-records.ts";
import { listNames } from "../directory/redis-names.ts";
import { eventOf } from "../ledger/redis-events.ts";
import { purgeNearMisses } from "../ledger/redis-near-miss-purge.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { fillPage, type PlacedEvent } from "./audit-page.ts";
import { type AuditStream, auditStreams, eventStream } from "./redis-audit-streams.ts";
import { cursorOf, parseCursor } from "./stream-place.ts";
import { walkStreams } from "./stream-walk.ts";

/** Events that a purge looks at in one command. */
const PURGE_CHUNK = 500;

/** The audit record in Redis, whose many streams are read as one, by the times at which Redis took the events. */
export class RedisAuditLog implements AuditLog {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  query(query: AuditQuery, { limit, after }: AuditPageRequest): Promise<AuditPage> {
    return fillPage(this.#walk(query, after), query, limit);
  }

  async purgeSubject(subject: string): Promise<number> {
    let removed = 0;
    for (const stream of await auditStreams(this.#connection, {})) {
      removed += await this.#purgeStream(stream, subject);
    }
    for (const namespace of await listNames(this.#connection)) {
      removed += await purgeNearMisses(this.#connection, namespace, subject);
    }
    return removed;
  }

  async *#walk(query: AuditQuery, after: string | undefined): AsyncGenerator<PlacedEvent> {
    const streams = await auditStreams(this.#connection, query);
    const readable = streams.map((stream) => eventStream(this.#connection, stream));
    for await (const { event, place } of walkStreams(readable, parseCursor(after))) {
      yield { event: event(), cursor: cursorOf(place) };
    }
  }

  async #purgeStream({ key }: AuditStream, subject: string): Promise<number> {
    let removed = 0;
    for (let from = "-"; ; ) {
      const entries = await this.#connection.send(key, (client) =>
        client.xrange(key, from, "+", "COUNT", PURGE_CHUNK),
      );
      const ids = entries.filter(([, fields]) => eventOf(fields).subject === subject).map(([id]) => id);
      if (ids.length > 0) removed += await this.#connection.send(key, (client) => client.xdel(key, ...ids));
      const last = entries.at(-1);
      if (last === undefined || entries.length < PURGE_CHUNK) return removed;
      from = `(${last[0]}`;
    }
  }
}
