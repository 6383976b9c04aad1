import { spawn } from "node:child_process";

/** What a program that has ended has printed, and its exit code. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Longer than any client needs here; one that waits for a terminal must not hang the suite. */
const TIMEOUT_MS = 30_000;

/**
 * Runs a program to its end, with `input` as its whole standard input and nothing in its environment but `env`.
 * A program that hangs is killed: its code is then null.
 */
export function runCommand(
  program: string,
  args: readonly string[],
  options: { readonly env: Readonly<Record<string, string>>; readonly input?: string },
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: options.env, timeout: TIMEOUT_MS, killSignal: "SIGKILL" });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.once("error", reject);
    child.once("close", (code) =>
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
    );
    // A program may end without reading its input; that is its exit code's business.
    child.stdin.once("error", () => undefined);
    child.stdin.end(options.input ?? "");
  });
}
