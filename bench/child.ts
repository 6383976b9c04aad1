import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";

export interface Child {
  readonly origin: string;
  /** CPU time that the process has used, in milliseconds; undefined where the system does not tell. */
  cpuMs(): number | undefined;
  /** MiB of memory that it has now; undefined where the system does not tell. */
  residentMib(): number | undefined;
  stop(): Promise<void>;
}

interface ChildOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly nodeOptions?: readonly string[];
}

/** Starts a server of the benchmark in a process of its own, and waits until it says on which port it listens. */
export async function startChild(script: string, options: ChildOptions): Promise<Child> {
  const { env, args = [], nodeOptions = [] } = options;
  const child = spawn(process.execPath, [...nodeOptions, script, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await listeningPort(child);
  return {
    origin: `http://127.0.0.1:${port}`,
    cpuMs: () => cpuMs(child.pid ?? 0),
    residentMib: () => residentMib(child.pid ?? 0),
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGTERM");
      }),
  };
}

function listeningPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let printed = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      // The log goes on for as long as the server: only its start is looked at.
      if (printed.length > 65_536) return;
      printed += chunk.toString();
      const line = printed.split("\n").find((text) => text.includes('"message":"listening"'));
      if (line?.endsWith("}")) resolve((JSON.parse(line) as { port: number }).port);
    });
    child.once("exit", (code) => reject(new Error(`a server ended with ${code}: ${printed}`)));
  });
}

/** User and system time of /proc/PID/stat, whose clock ticks are 10 ms on Linux. */
function cpuMs(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return undefined;
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
