import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import type { ProcessNumbers } from "../../adapters/metrics/process-numbers.ts";
import { isFromProcess, type ToProcess } from "./messages.ts";
import type { Ending, ServerProcess } from "./server-process.ts";

/** A process that does not answer in this time is busy, or hangs; a scrape does not wait longer. */
const NUMBERS_TIMEOUT_MS = 2000;

/**
 * Starts this very program once more, as a server process of this one, which holds the port and hands each connection to
 * one of them in turn: none waits in the queue of a process that ends.
 */
export function startClusterProcess(): ServerProcess {
  const worker = cluster.fork();
  // Not by `once` of node:events, which a channel that breaks would have fail: the process ends then, and that is told.
  worker.on("error", () => undefined);
  const ended = new Promise<Ending>((resolve) => {
    worker.once("exit", (code: number | null, signal: string | null) => resolve({ code, signal }));
  });
  const listening = new Promise<boolean>((resolve) => {
    worker.once("listening", () => resolve(true));
    worker.once("exit", () => resolve(false));
  });
  let last: ProcessNumbers | undefined;
  worker.on("message", (message: unknown) => {
    if (isFromProcess(message)) last = message.numbers;
  });
  return {
    pid: worker.process.pid ?? 0,
    listening,
    ended,
    stop: (how) => {
      if (how === "stop") worker.process.kill("SIGTERM");
      else tell(worker, { ask: "leave" });
    },
    numbers: () => askNumbers(worker),
    lastNumbers: () => last,
  };
}

function tell(worker: Worker, message: ToProcess): void {
  if (worker.isConnected()) worker.send(message);
}

async function askNumbers(worker: Worker): Promise<ProcessNumbers | undefined> {
  const answer = once(worker, "message", { signal: AbortSignal.timeout(NUMBERS_TIMEOUT_MS) });
  tell(worker, { ask: "numbers" });
  try {
    const [message] = await answer;
    return isFromProcess(message) ? message.numbers : undefined;
  } catch {
    return undefined;
  }
}
