import type { ClientEnvironment } from "./client-environment.ts";
import type { ClientProblem } from "./client-problem.ts";

/** Where a command prints. */
export interface JobConsole {
  /** Standard output: what a script reads. */
  readonly out: (line: string) => void;
  /** Standard error: what a person reads, and what a CI platform takes for a command. */
  readonly note: (line: string) => void;
}

/** What every command of the client works with. */
export interface ClientContext {
  readonly environment: ClientEnvironment;
  readonly console: JobConsole;
}

/** A problem as a job's log has it. The code finds its entry in docs/troubleshooting.md. */
export function problemText({ code, message, mend }: ClientProblem): string {
  return `berth: ${message}\n${mend}\n(${code})`;
}
