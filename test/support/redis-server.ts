import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../demo/free-port.ts";
import { findProgram } from "./find-server.ts";

/** The program that a test starts; any test with servers of its own needs it. */
export function findRedis(): string | undefined {
  return findProgram("redis-server") ?? findProgram("valkey-server");
}

/** A Redis of the test's own, on a free port of loopback, which keeps what it acknowledged. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Of the process that runs now. */
  readonly pid: number;
  /** SIGTERM, and the folder is removed. */
  stop(): Promise<void>;
  /** SIGKILL; port and folder stay. */
  kill(): Promise<void>;
  /** Starts it again on the same port and folder, after ending it where it still runs. */
  restart(): Promise<void>;
  /** SIGSTOP: connections stand, nothing answers. */
  pause(): void;
  resume(): void;
}

const SAFE = ["--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction"];
/** Another process may take the port between the look and the start. */
const PORT_ATTEMPTS = 5;

/** @param extraArgs Further arguments of redis-server; the last of a name holds. */
export async function startRedis(
  extraArgs: readonly string[] = [],
  program = findRedis(),
): Promise<RedisServer> {
  if (program === undefined) throw new Error("there is no redis-server");
  const folder = mkdtempSync(join(tmpdir(), "berth-redis-"));
  const start = (port: number) =>
    launch(program, ["--bind", "127.0.0.1", "--port", `${port}`, "--dir", folder, ...SAFE, ...extraArgs]);
  const { port, child } = await startOnFreePort(start);
  let current = child;
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return current.pid ?? 0;
    },
    stop: async () => {
      await end(current, "SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
    kill: () => end(current, "SIGKILL"),
    restart: async () => {
      await end(current, "SIGTERM");
      current = await start(port);
    },
    pause: () => void current.kill("SIGSTOP"),
    resume: () => void current.kill("SIGCONT"),
  };
}

async function startOnFreePort(
  start: (port: number) => Promise<ChildProcess>,
): Promise<{ port: number; child: ChildProcess }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return { port, child: await start(port) };
    } catch (fault) {
      if (attempt === PORT_ATTEMPTS) throw fault;
    }
  }
}

function launch(program: string, args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  // A test run that is cut short leaves no server behind.
  const killOnExit = () => child.kill("SIGKILL");
  process.once("exit", killOnExit);
  let printed = "";
  return new Promise((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-4096);
      if (printed.includes("Ready to accept connections")) resolve(child);
    });
    child.once("error", reject);
    child.once("exit", (code) => {
      process.off("exit", killOnExit);
      reject(new Error(`redis-server ended with ${code}:\n${printed}`));
    });
  });
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill(signal);
    // A paused process takes no SIGTERM.
    child.kill("SIGCONT");
  });
}
