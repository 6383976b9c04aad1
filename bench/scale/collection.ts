import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { CLI, type ScaledBerth } from "./berth.ts";

const run = promisify(execFile);

/** `berth collect` until nothing is left: milliseconds of the whole, the start of the program included. */
export async function timeOfCollection(berth: ScaledBerth): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const { stdout } = await run(process.execPath, [CLI, "collect"], { env: berth.env });
    if (!stdout.includes("more is left")) return performance.now() - startedAt;
  }
}
