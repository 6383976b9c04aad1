import type { ProcessNumbers } from "../../adapters/metrics/process-numbers.ts";

/** What a parent asks of a server process. SIGTERM is not among it: anybody may send that. */
export type ToProcess = { readonly ask: "numbers" } | { readonly ask: "leave" };

/** What a server process tells its parent: at being asked, and once more at its end. */
export interface FromProcess {
  readonly numbers: ProcessNumbers;
}

export function isFromProcess(message: unknown): message is FromProcess {
  return typeof message === "object" && message !== null && "numbers" in message;
}

export function isToProcess(message: unknown): message is ToProcess {
  return typeof message === "object" && message !== null && "ask" in message;
}
