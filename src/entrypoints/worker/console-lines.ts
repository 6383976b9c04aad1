/** A line of the log on Workers: the runtime's console adds the line feed. */
export function writeToConsole(line: string): void {
  console.log(line.trimEnd());
}
