import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll } from "vitest";
import { describeWith } from "./find-server.ts";
import { workerdConfig } from "./workerd-config.ts";

/** A Worker for the real runtime: what `wrangler.toml` says of one, as far as tests need it. */
export interface WorkerOptions {
  /** The main module, in one file without imports but of the runtime's own modules (`bundleWorker`). */
  readonly script: string;
  /** Binding → exported class of a Durable Object. */
  readonly objects: Readonly<Record<string, string>>;
  /** Settings and secrets. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Certificates (PEM) that `fetch` and sockets trust besides the public ones. */
  readonly trusted?: readonly string[];
  /** Absent: a free one, another after each start. */
  readonly port?: number;
  /** Where its own folder is made; absent: where temporary folders are. */
  readonly parent?: string;
}

export interface Workerd {
  /** Another one after each start, unless a port was given. */
  readonly url: string;
  /** Of the process that runs now. */
  readonly pid: number;
  /** The last that it printed, since it was started first. */
  output(): string;
  /** SIGKILL, and the folder with what the objects keep is removed. */
  stop(): Promise<void>;
  /** SIGKILL; the folder stays. */
  kill(): Promise<void>;
  /** Starts it again on the same folder, after ending it where it still runs. */
  restart(): Promise<void>;
}

const PROGRAM = join(new URL("../..", import.meta.url).pathname, "node_modules/.bin/workerd");
/** What `workerd` says on descriptor 3 when a socket listens. */
const LISTENS = /"port":(\d+)/;
/** An end that waits for requests which never answer. */
const PATIENCE_MS = 5000;
/** Characters of its output that are kept. */
const MAX_PRINTED = 1_000_000;

/** The runtime that npm installed, if it runs on this machine. */
export function findWorkerd(): string | undefined {
  return spawnSync(PROGRAM, ["--version"]).status === 0 ? PROGRAM : undefined;
}

/**
 * A suite on one runtime, which is started before its tests and stopped after them.
 *
 * @param options Is given a folder for the bundle, which goes with the runtime.
 */
export function describeWithWorkerd(
  name: string,
  options: (folder: string) => Promise<WorkerOptions>,
  suite: (workerd: () => Workerd) => void,
): void {
  describeWith("workerd", findWorkerd(), name, () => {
    const folder = mkdtempSync(join(tmpdir(), "berth-worker-"));
    let workerd: Workerd | undefined;
    beforeAll(async () => {
      workerd = await startWorkerd(await options(folder));
    });
    afterAll(async () => {
      await workerd?.stop();
      rmSync(folder, { recursive: true, force: true });
    });
    suite(() => {
      if (workerd === undefined) throw new Error("workerd has not been started");
      return workerd;
    });
  });
}

/** Bundles a Worker's main module as wrangler does: web conditions first, the runtime's modules left to it. */
export async function bundleWorker(entry: URL, folder: string): Promise<string> {
  const outfile = join(folder, "worker.js");
  await build({
    entryPoints: [entry.pathname],
    outfile,
    bundle: true,
    format: "esm",
    target: "es2024",
    platform: "neutral",
    mainFields: ["browser", "module", "main"],
    conditions: ["workerd", "worker", "browser"],
    external: ["node:*", "cloudflare:*"],
    logLevel: "warning",
  });
  return outfile;
}

/** The runtime itself, without wrangler around it: no network of its own, nothing printed, state in a folder. */
export async function startWorkerd(options: WorkerOptions): Promise<Workerd> {
  const folder = mkdtempSync(join(options.parent ?? statePlace(), "berth-workerd-"));
  mkdirSync(join(folder, "state"));
  const config = join(folder, "config.capnp");
  copyFileSync(options.script, join(folder, "worker.js"));
  writeFileSync(config, workerdConfig(options, join(folder, "state")));
  let printed = "";
  const print = (text: string) => {
    printed = (printed + text).slice(-MAX_PRINTED);
  };
  let current = await launch(config, print);
  return {
    get url() {
      return `http://127.0.0.1:${current.port}`;
    },
    get pid() {
      return current.child.pid ?? 0;
    },
    output: () => printed,
    stop: async () => {
      await end(current.child, "SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
    kill: () => end(current.child, "SIGKILL"),
    restart: async () => {
      await end(current.child, "SIGTERM");
      current = await launch(config, print);
    },
  };
}

/** In memory where there is such a place: hundreds of objects that wait for the disk take minutes. */
function statePlace(): string {
  return existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
}

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
}

function launch(config: string, print: (text: string) => void): Promise<Running> {
  const child = spawn(PROGRAM, ["serve", "--control-fd=3", config], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  // A test run that is cut short leaves no server behind.
  const killOnExit = () => child.kill("SIGKILL");
  process.once("exit", killOnExit);
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-4096);
      print(chunk.toString());
    });
  }
  return new Promise((resolve, reject) => {
    child.stdio[3]?.on("data", (chunk: Buffer) => {
      const port = LISTENS.exec(chunk.toString())?.[1];
      if (port !== undefined) resolve({ child, port: Number(port) });
    });
    child.once("error", reject);
    child.once("exit", (code) => {
      process.off("exit", killOnExit);
      reject(new Error(`workerd ended with ${code}:\n${printed}`));
    });
  });
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill(signal);
  });
}
