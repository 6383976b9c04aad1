import { randomBytes } from "node:crypto";

/**
 * A line of GitHub's environment files (GITHUB_ENV, GITHUB_OUTPUT, GITHUB_STATE). Nobody can foresee the delimiter, so
 * a line of the value is never taken for its end, and what follows for another variable.
 */
export function fileCommand(name: string, value: string): string {
  const end = `berth-${randomBytes(16).toString("hex")}`;
  return `${name}<<${end}\n${value}\n${end}\n`;
}
