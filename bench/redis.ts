import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { freePort } from "../demo/free-port.ts";

/** A Redis that writes every command to disk before it answers, as `synchronous=FULL` does. */
export async function startRedis(
  program: string,
  folder: string,
): Promise<{ url: string; pid: number; stop(): Promise<void> }> {
  const port = await freePort();
  const data = join(folder, "redis");
  mkdirSync(data);
  const child = spawn(
    program,
    [
      "--port",
      `${port}`,
      "--bind",
      "127.0.0.1",
      "--dir",
      data,
      "--appendonly",
      "yes",
      "--appendfsync",
      "always",
    ],
    { stdio: "ignore" },
  );
  const deadline = Date.now() + 5000;
  while (!(await accepts(port))) {
    if (Date.now() > deadline) throw new Error("redis-server did not start within 5 seconds");
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGTERM");
      }),
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const answer = (value: boolean) => {
      socket.destroy();
      setTimeout(() => resolve(value), value ? 0 : 50);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
  });
}
