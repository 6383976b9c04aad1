import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { err, ok, type Result } from "../domain/result.ts";
import { createHttpRequest, type HttpRequest } from "./http-request.ts";

/** All that the client takes from outside, so that a test hands it another job, another clock and other files. */
export interface ClientEnvironment {
  /**
   * The job's environment variables. A flag goes in as the variable that it stands for: `--server` as BERTH_SERVER,
   * `--identity-token-file` as BERTH_IDENTITY_TOKEN_FILE.
   */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly request: HttpRequest;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly waitUntil: (unixMs: number) => Promise<void>;
  /** The text of a file; `-` is standard input, which can be read once. */
  readonly readFile: (path: string) => Promise<Result<string, FileFault>>;
  /** What a program prints, run without a shell. Its arguments are in every process list: no secret stands there. */
  readonly run: (program: string, args: readonly string[]) => Promise<Result<string, CommandFault>>;
  /** So many bytes of a cryptographic generator. */
  readonly random: (count: number) => Uint8Array;
}

type FileFault = "missing" | "unreadable";

/** `missing`: there is no such program. `failed`: it said so by its exit code, or took too long. */
type CommandFault = "missing" | "failed";

const COMMAND_TIMEOUT_MS = 30_000;
const MAX_OUTPUT_BYTES = 256 * 1024;

/** The environment of this process, with `variables` for its own. */
export function createClientEnvironment(variables: ClientEnvironment["variables"]): ClientEnvironment {
  return {
    variables,
    request: createHttpRequest(variables),
    now: () => Date.now(),
    waitUntil: (unixMs) => sleep(Math.max(0, unixMs - Date.now())),
    readFile: readText,
    run: (program, args) => runProgram(program, args, variables),
    random: (count) => new Uint8Array(randomBytes(count)),
  };
}

async function readText(path: string): Promise<Result<string, FileFault>> {
  try {
    return ok(path === "-" ? await text(process.stdin) : await readFile(path, "utf8"));
  } catch (fault) {
    return err(isMissing(fault) ? "missing" : "unreadable");
  }
}

async function runProgram(
  program: string,
  args: readonly string[],
  variables: ClientEnvironment["variables"],
): Promise<Result<string, CommandFault>> {
  const options = {
    env: { ...variables },
    timeout: COMMAND_TIMEOUT_MS,
    maxBuffer: MAX_OUTPUT_BYTES,
    windowsHide: true,
  };
  // Loaded where it is needed: a credential helper whose answer is in a file starts nothing.
  const { execFile } = await import("node:child_process");
  return new Promise((resolve) => {
    // What it prints to standard error is dropped: nobody knows what a tool prints there about a token.
    const child = execFile(program, args, options, (fault, printed) => {
      if (fault === null) resolve(ok(printed));
      else resolve(err(isMissing(fault) ? "missing" : "failed"));
    });
    child.stdin?.end();
  });
}

function isMissing(fault: unknown): boolean {
  return fault instanceof Error && "code" in fault && (fault.code === "ENOENT" || fault.code === "ENOTDIR");
}
