/** Where an event stands among those of several streams: the newest first, those of one millisecond by their stream. */
export interface StreamPlace {
  /** Milliseconds of the store's clock, and a number within them. */
  readonly at: number;
  readonly number: number;
  readonly label: string;
}

/** Negative where `left` comes before `right`. Two events are never in one place. */
export function comparePlaces(left: StreamPlace, right: StreamPlace): number {
  if (left.at !== right.at) return right.at - left.at;
  if (left.label !== right.label) return left.label < right.label ? -1 : 1;
  return right.number - left.number;
}

export function cursorOf({ at, number, label }: StreamPlace): string {
  return `${at}-${number}-${label}`;
}

/** What is no cursor stands for the beginning. */
export function parseCursor(text = ""): StreamPlace | undefined {
  const [, at, number, label] = /^(\d{1,15})-(\d{1,15})-(.+)$/.exec(text) ?? [];
  return label === undefined ? undefined : { at: Number(at), number: Number(number), label };
}
