import type { StreamPlace } from "../audit/stream-place.ts";
import type { EventRow } from "../sqlite/audit-events.ts";

/** Numbers within a millisecond: an object writes fewer events in one. */
const PER_MILLISECOND = 1000;

/** The smallest number of an event that is written at `unixMilliseconds` of the object's clock. */
export function firstPlaceAt(unixMilliseconds: number): number {
  return unixMilliseconds * PER_MILLISECOND;
}

export function placeOfRow(label: string, { seq }: EventRow): StreamPlace {
  return { at: Math.floor(seq / PER_MILLISECOND), number: seq % PER_MILLISECOND, label };
}

/**
 * The number below which the record `label` goes on behind `place`. In its millisecond the records before it have
 * been read to the end, those after it not at all.
 */
export function endBehind(place: StreamPlace | undefined, label: string): number {
  if (place === undefined) return Number.MAX_SAFE_INTEGER;
  if (label === place.label) return firstPlaceAt(place.at) + place.number;
  return firstPlaceAt(label < place.label ? place.at : place.at + 1);
}
