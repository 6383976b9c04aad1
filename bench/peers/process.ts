import { spawn } from "node:child_process";
import { connect } from "node:net";
import { cpuMs } from "../child.ts";

const START_MS = 10_000;

/** A server that is no program of Berth's. */
export interface PeerProcess {
  cpuMs(): number;
  stop(): Promise<void>;
}

/** Starts it with an environment of its own, and waits until it takes connections. */
export async function startPeer(
  program: string,
  args: readonly string[],
  folder: string,
  port: number,
): Promise<PeerProcess> {
  const env = { PATH: process.env.PATH, HOME: folder };
  const child = spawn(program, args, { env, cwd: folder, stdio: "ignore" });
  // A run that is cut short leaves no server behind.
  const killOnExit = () => child.kill("SIGKILL");
  process.once("exit", killOnExit);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const deadline = Date.now() + START_MS;
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
    if (Date.now() > deadline) throw new Error(`${program} takes no connections`);
  }
  return {
    cpuMs: () => cpuMs(child.pid ?? 0) ?? Number.NaN,
    stop: () => {
      process.off("exit", killOnExit);
      child.kill("SIGTERM");
      return ended;
    },
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => setTimeout(() => resolve(false), 50));
  });
}
