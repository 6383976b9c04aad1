/** Where an entry stands among those of several streams: the newest first, those of one millisecond by their stream. */
export interface StreamPlace {
  /** The two parts of a stream id: milliseconds of the store's clock, and a number within them. */
  readonly at: number;
  readonly number: number;
  readonly label: string;
}

/** Negative where `left` comes before `right`. Two entries are never in one place. */
export function comparePlaces(left: StreamPlace, right: StreamPlace): number {
  if (left.at !== right.at) return right.at - left.at;
  if (left.label !== right.label) return left.label < right.label ? -1 : 1;
  return right.number - left.number;
}

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

export function cursorOf({ at, number, label }: StreamPlace): string {
  return `${at}-${number}-${label}`;
}

/** What is no cursor stands for the beginning. */
export function parseCursor(text = ""): StreamPlace | undefined {
  const [, at, number, label] = /^(\d{1,15})-(\d{1,15})-(.+)$/.exec(text) ?? [];
  return label === undefined ? undefined : { at: Number(at), number: Number(number), label };
}
