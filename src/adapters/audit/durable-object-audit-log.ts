import type { AuditEvent } from "../../domain/audit-event.ts";
import type { AuditQuery } from "../../domain/audit-query.ts";
import type { AuditLog } from "../../usecases/ports.ts";
import type { AuditPage, AuditPageRequest } from "../../usecases/store-records.ts";
import type { AuditCalls } from "../durable-object/audit-calls.ts";
import { endBehind, placeOfRow } from "../durable-object/event-place.ts";
import { ALL_SHARDS, inTurns, type ObjectCalls } from "../durable-object/object-calls.ts";
import { decodeDocument } from "../sqlite/document.ts";
import { askedNamespace } from "./asked-namespace.ts";
import { fillPage, type PlacedEvent } from "./audit-page.ts";
import { cursorOf, parseCursor } from "./stream-place.ts";
import { type EventStream, walkStreams } from "./stream-walk.ts";

/** One object's audit record. */
interface AuditSource {
  readonly label: string;
  ask<T>(call: (object: AuditCalls) => Promise<T>): Promise<T>;
}

/**
 * The audit record of all objects, read as one by the times at which each took its events. Clocks of objects differ
 * by little: events of two of them may stand in another order than they came in, and each is there once.
 */
export class DurableObjectAuditLog implements AuditLog {
  readonly #objects: ObjectCalls;

  constructor(objects: ObjectCalls) {
    this.#objects = objects;
  }

  query(query: AuditQuery, { limit, after }: AuditPageRequest): Promise<AuditPage> {
    return fillPage(this.#walk(query, after), query, limit);
  }

  /** With the near misses, which are in the namespaces' objects. */
  async purgeSubject(subject: string): Promise<number> {
    const sources = await this.#sources({});
    const removed = await inTurns(sources, ({ ask }) => ask((object) => object.purgeSubject(subject)));
    return removed.reduce((sum, count) => sum + count, 0);
  }

  async *#walk(query: AuditQuery, after: string | undefined): AsyncGenerator<PlacedEvent> {
    const streams = (await this.#sources(query)).map(eventStream);
    for await (const { event, place } of walkStreams(streams, parseCursor(after))) {
      yield { event: event(), cursor: cursorOf(place) };
    }
  }

  /** Where an event that `query` asks for may be: in the ledger and the system, and the namespaces it is about. */
  async #sources(query: AuditQuery): Promise<readonly AuditSource[]> {
    const asked = askedNamespace(query);
    const names = asked === undefined ? await this.#objects.names() : [asked];
    return [
      ...ALL_SHARDS.map(
        (shard): AuditSource => ({ label: `s${shard}`, ask: (call) => this.#objects.shard(shard, call) }),
      ),
      { label: "sys", ask: (call) => this.#objects.system(call) },
      ...names.map(
        (name): AuditSource => ({ label: `n.${name}`, ask: (call) => this.#objects.namespace(name, call) }),
      ),
    ];
  }
}

function eventStream({ label, ask }: AuditSource): EventStream {
  return {
    label,
    read: async (place, count) => {
      const rows = await ask((object) => object.readEvents(endBehind(place, label), count));
      return rows.map((row) => ({
        place: placeOfRow(label, row),
        event: () => decodeDocument<AuditEvent>(row.document),
      }));
    },
  };
}
