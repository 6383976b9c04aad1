/** As much of protobuf's encoding as one call takes: fields of length-delimited bytes, which strings and messages are. */

const LENGTH_DELIMITED = 2;
const VARINT = 0;
const FIXED_SIZES: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

/** A message of one field that is a string. */
export function stringField(field: number, value: string): Uint8Array {
  const bytes = new TextEncoder().encode(value);
  return Uint8Array.from([(field << 3) | LENGTH_DELIMITED, ...varint(bytes.length), ...bytes]);
}

function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

/** The bytes of a message's first field of that number; undefined where there is none, or the message is broken. */
export function readField(message: Uint8Array | undefined, field: number): Uint8Array | undefined {
  let at = 0;
  while (message !== undefined && at < message.length) {
    const tag = readVarint(message, at);
    if (tag === undefined) return undefined;
    const end = endOfField(message, tag);
    if (end === undefined || end > message.length) return undefined;
    if (tag.value === ((field << 3) | LENGTH_DELIMITED)) {
      return message.subarray(readVarint(message, tag.next)?.next, end);
    }
    at = end;
  }
  return undefined;
}

interface Varint {
  readonly value: number;
  /** Where the next byte stands. */
  readonly next: number;
}

/** Where the field ends that begins with `tag`. */
function endOfField(message: Uint8Array, tag: Varint): number | undefined {
  const wireType = tag.value & 7;
  const fixed = FIXED_SIZES[wireType];
  if (fixed !== undefined) return tag.next + fixed;
  const first = readVarint(message, tag.next);
  if (wireType === VARINT) return first?.next;
  return wireType === LENGTH_DELIMITED && first !== undefined ? first.next + first.value : undefined;
}

/** Up to 28 bits, which is more than any length that is taken here. */
function readVarint(message: Uint8Array, at: number): Varint | undefined {
  let value = 0;
  for (let index = 0; index < 4; index += 1) {
    const byte = message[at + index];
    if (byte === undefined) return undefined;
    value |= (byte & 0x7f) << (7 * index);
    if (byte < 0x80) return { value, next: at + index + 1 };
  }
  return undefined;
}
