import { availableParallelism } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { jsonLines, type Log } from "../../adapters/log/json-lines.ts";
import { NumbersOfProcesses } from "../../adapters/metrics/process-numbers.ts";
import { MAX_PROCESSES } from "../../config/settings/process-settings.ts";
import type { Settings } from "../../config/settings.ts";
import { startMetricsServer } from "../metrics-server.ts";
import { startClusterProcess } from "./cluster-process.ts";
import type { ServerProcess } from "./server-process.ts";
import { Supervisor } from "./supervisor.ts";

/** What the parent keeps of the settings: nothing that is secret. */
type ParentSettings = Pick<Settings, "metricsListen" | "logLevel">;

export function parentSettings({ metricsListen, logLevel }: Settings): ParentSettings {
  return { logLevel, ...(metricsListen === undefined ? {} : { metricsListen }) };
}

/** How many processes the setting means on this machine. */
export function processCount({ processes }: Pick<Settings, "processes">): number {
  return processes === "auto" ? Math.min(availableParallelism(), MAX_PROCESSES) : processes;
}

/**
 * Keeps `count` server processes at the one port, and serves the sum of their numbers, until SIGTERM or SIGINT; the exit
 * code. It opens no store and keeps no key: these are in the processes.
 */
export async function serveWithProcesses(count: number, settings: ParentSettings): Promise<number> {
  const log = jsonLines(settings.logLevel, (line) => process.stdout.write(line), Date.now);
  const numbers = new NumbersOfProcesses(() => supervisor.processes);
  const supervisor = new Supervisor({
    count,
    start: () => startCounted(numbers),
    log,
    now: () => performance.now(),
    wait: (milliseconds, signal) => wait(milliseconds, undefined, { signal }).catch(() => undefined),
  });
  const metrics = await serveNumbers(numbers, settings, log);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => supervisor.stop());
  process.on("SIGHUP", () => void supervisor.replaceAll());
  const code = await supervisor.run();
  await metrics?.close();
  return code;
}

/** Its totals stay in the sum when it ends. */
function startCounted(numbers: NumbersOfProcesses): ServerProcess {
  const process = startClusterProcess();
  void process.ended.then(() => numbers.ended(process.pid, process.lastNumbers()));
  return process;
}

async function serveNumbers(numbers: NumbersOfProcesses, { metricsListen }: ParentSettings, log: Log) {
  if (metricsListen === undefined) return undefined;
  const server = await startMetricsServer(numbers, metricsListen, (fault) =>
    log("error", "fault", { fault: String(fault) }),
  );
  log("info", "metrics", { port: server.port });
  return server;
}
