import { inPipePieces } from "../adapters/log/pipe-pieces.ts";
import { turnLines } from "../adapters/log/turn-lines.ts";

/**
 * Takes the lines of a server's log, for standard output; at the latest they are written when the process ends.
 *
 * @param output `shared`: other processes write there too.
 */
export function stdoutLines(output: "own" | "shared" = "own"): (line: string) => void {
  const print = (text: string) => process.stdout.write(text);
  const { write, flush } = turnLines(output === "shared" ? inPipePieces(print) : print);
  process.once("exit", flush);
  return write;
}
