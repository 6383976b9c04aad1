import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

export interface Child {
  readonly origin: string;
  /** CPU time that the process and its own children have used, in milliseconds; undefined where the system does not tell. */
  cpuMs(): number | undefined;
  /** MiB of memory that it has now; undefined where the system does not tell. */
  residentMib(): number | undefined;
  stop(): Promise<void>;
}

interface ChildOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly nodeOptions?: readonly string[];
  /** How many say that they listen, at the one port; one if left out. */
  readonly processes?: number;
}

/** Starts a server of the benchmark in a process of its own, and waits until it says on which port it listens. */
export async function startChild(script: string, options: ChildOptions): Promise<Child> {
  const { env, args = [], nodeOptions = [], processes = 1 } = options;
  const child = spawn(process.execPath, [...nodeOptions, script, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await listeningPort(child, processes);
  return {
    origin: `http://127.0.0.1:${port}`,
    cpuMs: () => treeCpuMs(child.pid ?? 0),
    residentMib: () => residentMib(child.pid ?? 0),
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGTERM");
      }),
  };
}

function listeningPort(child: ChildProcess, processes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let printed = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      // The log goes on for as long as the server: only its start is looked at.
      if (printed.length > 65_536) return;
      printed += chunk.toString();
      const lines = printed.split("\n").filter((text) => text.includes('"message":"listening"'));
      const last = lines[processes - 1];
      if (last?.endsWith("}")) resolve((JSON.parse(last) as { port: number }).port);
    });
    child.once("exit", (code) => reject(new Error(`a server ended with ${code}: ${printed}`)));
  });
}

/** The CPU time of a process and of those that it has started and that still run, in milliseconds. */
function treeCpuMs(pid: number): number | undefined {
  const own = cpuMs(pid);
  if (own === undefined) return undefined;
  return childrenOf(pid).reduce((sum, child) => sum + (treeCpuMs(child) ?? 0), own);
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Time that the process's threads ran, in user and system mode: /proc/PID/task/TID/schedstat, in nanoseconds on Linux. */
export function cpuMs(pid: number): number | undefined {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.reduce((sum, thread) => sum + ranNs(`/proc/${pid}/task/${thread}/schedstat`), 0) / 1e6;
  } catch {
    return undefined;
  }
}

/** A thread that ended meanwhile has taken its time along. */
function ranNs(file: string): number {
  try {
    return Number(readFileSync(file, "utf8").split(" ")[0]);
  } catch {
    return 0;
  }
}

/** `VmRSS` of /proc/PID/status, in KiB. */
export function residentMib(pid: number): number | undefined {
  try {
    const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kib === undefined ? undefined : Number(kib) / 1024;
  } catch {
    return undefined;
  }
}
