import { type ChildProcess, spawn } from "node:child_process";

/** A registry in a process of its own. */
export interface ServerProcess {
  readonly pid: number;
  /** All that it has printed, standard output and error. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts a server and resolves when it has printed `ready`; rejects with its output when it ends before. */
export function startServerProcess(
  program: string,
  args: readonly string[],
  ready: string,
): Promise<ServerProcess> {
  // Every REGISTRY_* variable would be configuration, skopeo's REGISTRY_AUTH_FILE among them; and distribution 3
  // sends traces to a collector unless it is told that there is none.
  const env = { PATH: process.env.PATH ?? "", OTEL_TRACES_EXPORTER: "none" };
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  return new Promise((resolve, reject) => {
    const look = (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.includes(ready)) {
        resolve({ pid: child.pid ?? 0, output: () => printed, stop: () => end(child) });
      }
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${program} ended with ${code}:\n${printed}`)));
  });
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
