import type { StreamPlace } from "./stream-place.ts";

/** @param id Of a stream's entry: `<milliseconds>-<number>`. */
export function placeOf(label: string, id: string): StreamPlace {
  const [at, number] = id.split("-");
  return { at: Number(at), number: Number(number), label };
}

/**
 * Where XREVRANGE begins in the stream `label` to go on behind `place`. In its millisecond the streams before it have
 * been read to the end, those after it not at all. An id of one part stands for all of its millisecond.
 */
export function endBehind(place: StreamPlace | undefined, label: string): string {
  if (place === undefined) return "+";
  if (label === place.label) return `(${place.at}-${place.number}`;
  return label < place.label ? `(${place.at}-0` : `${place.at}`;
}
