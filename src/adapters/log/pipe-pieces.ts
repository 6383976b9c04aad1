/** What several processes may write to one pipe without their texts running into each other (pipe(7): PIPE_BUF). */
const MAX_BYTES = 4096;

/**
 * Writes a text of whole lines in pieces of whole lines, each small enough to get into a pipe at once. A line that is
 * longer goes by itself, and may be met by one of another process.
 */
export function inPipePieces(write: (text: string) => void): (text: string) => void {
  return (text) => {
    let piece = "";
    let bytes = 0;
    for (const line of text.split(/(?<=\n)/)) {
      const more = Buffer.byteLength(line);
      if (piece !== "" && bytes + more > MAX_BYTES) {
        write(piece);
        piece = "";
        bytes = 0;
      }
      piece += line;
      bytes += more;
    }
    if (piece !== "") write(piece);
  };
}
