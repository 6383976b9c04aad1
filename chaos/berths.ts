import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../demo/free-port.ts";
import { type BerthProcess, startBerth } from "../test/support/berth-process.ts";

/** Long before this Berth has answered 503; a client that waits longer sees no answer at all. */
const ANSWER_MS = 15_000;
const PRELOAD = new URL("./shifted-clock.ts", import.meta.url).href;

export interface BerthsOptions {
  readonly count: number;
  readonly declaration: string;
  readonly publicUrl: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Real Berth processes on one store, each with a port of its own that outlives it. */
export class Berths {
  readonly #options: BerthsOptions;
  readonly #folder = mkdtempSync(join(tmpdir(), "berth-chaos-"));
  readonly #ports: number[] = [];
  readonly #running: (BerthProcess | undefined)[] = [];
  readonly #endAll = () => {
    for (const berth of this.#running) if (berth !== undefined) process.kill(berth.pid, "SIGKILL");
  };

  private constructor(options: BerthsOptions) {
    this.#options = options;
    // A run that is cut short leaves no server behind.
    process.once("exit", this.#endAll);
  }

  static async start(options: BerthsOptions): Promise<Berths> {
    const berths = new Berths(options);
    try {
      for (let at = 0; at < options.count; at += 1) {
        berths.#ports.push(await freePort());
        await berths.startAgain(at);
      }
      return berths;
    } catch (fault) {
      await berths.stop();
      throw fault;
    }
  }

  get count(): number {
    return this.#ports.length;
  }

  request(at: number, path: string, init?: RequestInit): Promise<Response> {
    const url = `http://127.0.0.1:${this.#ports[at]}${path}`;
    return fetch(url, { ...init, signal: AbortSignal.timeout(ANSWER_MS) });
  }

  async kill(at: number): Promise<void> {
    const berth = this.#running[at];
    this.#running[at] = undefined;
    await berth?.kill();
  }

  async startAgain(at: number): Promise<void> {
    const { declaration, publicUrl, env } = this.#options;
    const port = this.#ports[at];
    if (port === undefined) throw new RangeError(`there is no Berth ${at}`);
    this.#running[at] = await startBerth({
      declaration,
      publicUrl,
      port,
      folder: this.#folder,
      env: { ...env, NODE_OPTIONS: `--import=${PRELOAD}` },
    });
  }

  /** Puts its clock off by a minute, or right again. */
  shiftClock(at: number): void {
    const berth = this.#running[at];
    if (berth !== undefined) process.kill(berth.pid, "SIGUSR2");
  }

  /** What each has logged at `warn` or above, and printed otherwise, for a run that went wrong. */
  complaints(): readonly string[] {
    return this.#running.flatMap((berth, at) =>
      (berth?.output().split("\n") ?? [])
        .filter((line) => /"level":"(error|warn)"/.test(line) || (line !== "" && !line.startsWith("{")))
        .map((line) => `Berth ${at}: ${line}`),
    );
  }

  async stop(): Promise<void> {
    process.off("exit", this.#endAll);
    await Promise.all(this.#ports.map((_, at) => this.kill(at)));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
