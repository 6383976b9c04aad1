import type { AuditEvent } from "../../domain/audit-event.ts";
import { comparePlaces, type StreamPlace } from "./stream-place.ts";

/** Events read of each stream at first, and at the most: a page of the newest ends early, a long search goes on. */
const MIN_READ = 16;
const MAX_READ = 256;
/** Reads that are under way together. */
const STREAMS_AT_ONCE = 256;

/** One of the store's records of audit events. */
export interface EventStream {
  /** Stands for it in a cursor, and puts events of one millisecond in order. */
  readonly label: string;
  /** At most `count` events behind `place`, in the order of their places; fewer: there are no more. */
  read(place: StreamPlace | undefined, count: number): Promise<readonly WalkedEvent[]>;
}

export interface WalkedEvent {
  readonly place: StreamPlace;
  /** Decodes it: of what is read, a page takes some alone. */
  readonly event: () => AuditEvent;
}

interface Reader {
  readonly stream: EventStream;
  /** Behind which the next read begins. */
  readonly behind: StreamPlace | undefined;
  /** Read and not handed out. */
  readonly waiting: readonly WalkedEvent[];
  /** Whether there is no more to read. */
  readonly ended: boolean;
}

/**
 * The events of several streams as one, from behind `from` on, in the order of their places. Each is handed out
 * once, if it was there at the beginning, however many there are of one millisecond.
 *
 * What was read last of a stream bounds what is known of it: nothing behind the first such bound is handed out
 * before that stream was read on.
 */
export async function* walkStreams(
  streams: readonly EventStream[],
  from: StreamPlace | undefined,
): AsyncGenerator<WalkedEvent> {
  let readers: readonly Reader[] = streams.map((stream) => ({
    stream,
    behind: from,
    waiting: [],
    ended: false,
  }));
  for (let count = MIN_READ; readers.length > 0; count = Math.min(count * 2, MAX_READ)) {
    readers = await readOn(readers, count);
    const bound = boundOf(readers);
    const isKnown = ({ place }: WalkedEvent) => bound === undefined || comparePlaces(place, bound) <= 0;
    const known = readers.flatMap(({ waiting }) => waiting.filter(isKnown));
    yield* known.sort((left, right) => comparePlaces(left.place, right.place));
    readers = readers
      .map((reader) => ({ ...reader, waiting: reader.waiting.filter((entry) => !isKnown(entry)) }))
      .filter(({ waiting, ended }) => waiting.length > 0 || !ended);
  }
}

/** Reads on where little is left. One that has handed out all it had is among these. */
async function readOn(readers: readonly Reader[], count: number): Promise<readonly Reader[]> {
  const read: Reader[] = [];
  for (let at = 0; at < readers.length; at += STREAMS_AT_ONCE) {
    const some = readers.slice(at, at + STREAMS_AT_ONCE);
    read.push(...(await Promise.all(some.map((reader) => readMore(reader, count)))));
  }
  return read;
}

async function readMore(reader: Reader, count: number): Promise<Reader> {
  const { stream, behind, waiting, ended } = reader;
  if (ended || waiting.length * 2 > count) return reader;
  const more = await stream.read(behind, count);
  return {
    stream,
    behind: more.at(-1)?.place ?? behind,
    waiting: [...waiting, ...more],
    ended: more.length < count,
  };
}

/** The first place, among the streams that have more, of what was read last. */
function boundOf(readers: readonly Reader[]): StreamPlace | undefined {
  const last = readers.flatMap(({ ended, waiting }) => (ended ? [] : waiting.slice(-1)));
  return last.map(({ place }) => place).sort(comparePlaces)[0];
}
