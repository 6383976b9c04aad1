/** Lines on their way to where they are written. */
export interface TurnLines {
  readonly write: (line: string) => void;
  /** Writes what waits, for a process that is about to end. */
  readonly flush: () => void;
}

/**
 * Writes the lines of one turn of the event loop together: each write is a call of the system, and one for each request
 * costs up to a tenth of what the request does. A process that is killed loses one turn's lines.
 */
export function turnLines(write: (text: string) => void): TurnLines {
  let waiting = "";
  const flush = () => {
    if (waiting === "") return;
    const text = waiting;
    waiting = "";
    write(text);
  };
  return {
    write: (line) => {
      if (waiting === "") setImmediate(flush);
      waiting += line;
    },
    flush,
  };
}
