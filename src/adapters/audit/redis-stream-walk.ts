import type { StreamEntry } from "../ledger/redis-events.ts";
import type { RedisConnection } from "../redis/connection.ts";
import type { AuditStream } from "./redis-audit-streams.ts";
import { comparePlaces, endBehind, placeOf, type StreamPlace } from "./redis-stream-place.ts";

/** Entries read of each stream at first, and at the most: a page of the newest ends early, a long search goes on. */
const MIN_READ = 16;
const MAX_READ = 256;
/** Commands that travel together. */
const STREAMS_AT_ONCE = 256;

export interface WalkedEntry {
  readonly place: StreamPlace;
  readonly fields: StreamEntry[1];
}

interface Reader {
  readonly stream: AuditStream;
  /** Where the next read begins, as XREVRANGE takes it. */
  readonly end: string;
  /** Read and not handed out. */
  readonly waiting: readonly WalkedEntry[];
  /** Whether there is no more to read. */
  readonly ended: boolean;
}

/**
 * The entries of several streams as one, from behind `from` on, in the order of their places. Each is handed out
 * once, if it was there at the beginning, however many there are of one millisecond.
 *
 * What was read last of a stream bounds what is known of it: nothing behind the first such bound is handed out
 * before that stream was read on.
 */
export async function* walkStreams(
  connection: RedisConnection,
  streams: readonly AuditStream[],
  from: StreamPlace | undefined,
): AsyncGenerator<WalkedEntry> {
  let readers: readonly Reader[] = streams.map((stream) => ({
    stream,
    end: endBehind(from, stream.label),
    waiting: [],
    ended: false,
  }));
  for (let count = MIN_READ; readers.length > 0; count = Math.min(count * 2, MAX_READ)) {
    readers = await readOn(connection, readers, count);
    const bound = boundOf(readers);
    const isKnown = ({ place }: WalkedEntry) => bound === undefined || comparePlaces(place, bound) <= 0;
    const known = readers.flatMap(({ waiting }) => waiting.filter(isKnown));
    yield* known.sort((left, right) => comparePlaces(left.place, right.place));
    readers = readers
      .map((reader) => ({ ...reader, waiting: reader.waiting.filter((entry) => !isKnown(entry)) }))
      .filter(({ waiting, ended }) => waiting.length > 0 || !ended);
  }
}

/** Reads on where little is left. One that has handed out all it had is among these. */
async function readOn(
  connection: RedisConnection,
  readers: readonly Reader[],
  count: number,
): Promise<readonly Reader[]> {
  const read: Reader[] = [];
  for (let at = 0; at < readers.length; at += STREAMS_AT_ONCE) {
    const some = readers.slice(at, at + STREAMS_AT_ONCE);
    read.push(...(await Promise.all(some.map((reader) => readMore(connection, reader, count)))));
  }
  return read;
}

async function readMore(connection: RedisConnection, reader: Reader, count: number): Promise<Reader> {
  const { stream, end, waiting, ended } = reader;
  if (ended || waiting.length * 2 > count) return reader;
  const entries = await connection.send((client) => client.xrevrange(stream.key, end, "-", "COUNT", count));
  const more = entries.map(([id, fields]) => ({ place: placeOf(stream.label, id), fields }));
  return {
    stream,
    end: endBehind(more.at(-1)?.place, stream.label),
    waiting: [...waiting, ...more],
    ended: entries.length < count,
  };
}

/** The first place, among the streams that have more, of what was read last. */
function boundOf(readers: readonly Reader[]): StreamPlace | undefined {
  const last = readers.flatMap(({ ended, waiting }) => (ended ? [] : waiting.slice(-1)));
  return last.map(({ place }) => place).sort(comparePlaces)[0];
}
