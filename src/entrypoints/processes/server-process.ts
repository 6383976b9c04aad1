import type { ProcessNumbers } from "../../adapters/metrics/process-numbers.ts";
import type { EndOfServer } from "../node.ts";

/** How a process ended; no code where a signal ended it. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A server process, as its parent sees it. */
export interface ServerProcess {
  readonly pid: number;
  /** Whether it came to listen; false: it ended before. */
  readonly listening: Promise<boolean>;
  readonly ended: Promise<Ending>;
  /** Asks it to end; what is under way is finished. */
  stop(how: EndOfServer): void;
  /** What it has counted; undefined where it does not answer in time. */
  numbers(): Promise<ProcessNumbers | undefined>;
  /** What it counted last, by its own word at its end. */
  lastNumbers(): ProcessNumbers | undefined;
}
