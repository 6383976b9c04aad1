import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { offlineEnvironment, WRANGLER } from "./offline-wrangler.ts";

const ROOT = new URL("..", import.meta.url).pathname;

/** Bundles a Worker as `wrangler deploy` would, and asks nobody. Returns the path of its module. */
export async function bundleWorker(folder: string, main?: string): Promise<string> {
  await promisify(execFile)(
    process.execPath,
    [
      WRANGLER,
      "deploy",
      ...(main === undefined ? [] : [main]),
      "--dry-run",
      "--outdir",
      join(folder, "bundle"),
    ],
    { cwd: ROOT, env: offlineEnvironment(folder) },
  );
  const name = main === undefined ? "worker" : (main.split("/").at(-1) ?? "").replace(/\.ts$/, "");
  return join(folder, "bundle", `${name}.js`);
}
