import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../demo/free-port.ts";

/** The command line of this checkout. */
export const CLI = new URL("../../src/entrypoints/cli.ts", import.meta.url).pathname;
/** A fixed key: what a test stores is thrown away with its folder. */
export const ENCRYPTION_KEY = `test:${Buffer.alloc(32, 7).toString("base64")}`;

export interface BerthOptions {
  /** The declaration file's text (YAML or JSON). Called with the server's own URL, which a rule's audience may need. */
  readonly declaration: string | ((publicUrl: string) => string);
  /** Settings beside those that every test server has. */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder of the data, to share one SQLite file between servers or to start again on it. */
  readonly folder?: string;
  readonly port?: number;
  /** The command line to start, where it is not this checkout's. */
  readonly cli?: string;
  /** The URL that clients use, where it is not the server's own. */
  readonly publicUrl?: string;
}

/** A Berth server in a process of its own. */
export interface BerthProcess {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  readonly pid: number;
  /** All that it has printed, standard output and error. */
  output(): string;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** Starts `berth serve` and resolves when it listens; rejects with its output when it does not. */
export async function startBerth(options: BerthOptions): Promise<BerthProcess> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "berth-"));
  const port = options.port ?? (await freePort());
  const url = options.publicUrl ?? `http://127.0.0.1:${port}`;
  const file = join(folder, `berth-${port}.yaml`);
  const { declaration } = options;
  writeFileSync(file, typeof declaration === "function" ? declaration(url) : declaration);
  const child = spawn(process.execPath, [options.cli ?? CLI, "serve"], {
    env: {
      PATH: process.env.PATH ?? "",
      BERTH_PUBLIC_URL: url,
      BERTH_LISTEN: `127.0.0.1:${port}`,
      BERTH_DATA_DIR: folder,
      BERTH_FILE: file,
      BERTH_ENCRYPTION_KEY: ENCRYPTION_KEY,
      // Nobody has to leave before a test's server stops; a release before may not know the setting.
      ...(options.cli === undefined ? { BERTH_DRAIN_SECONDS: "0" } : {}),
      ...options.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  const collect = (chunk: Buffer) => {
    printed += chunk.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  await listening(child, () => printed);
  return {
    url,
    port,
    folder,
    pid: child.pid ?? 0,
    output: () => printed,
    stop: async () => {
      const code = await end(child, "SIGTERM");
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
      return code;
    },
    kill: async () => {
      await end(child, "SIGKILL");
    },
  };
}

function listening(child: ChildProcess, printed: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (printed().includes('"message":"listening"')) resolve();
    };
    child.stdout?.on("data", look);
    child.once("exit", (code) => reject(new Error(`berth serve ended with ${code}:\n${printed()}`)));
  });
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once("exit", (code) => resolve(code));
    child.kill(signal);
  });
}
