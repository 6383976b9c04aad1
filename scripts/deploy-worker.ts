/**
 * `wrangler deploy` of this checkout: `npm run deploy:worker`. With `-- --dry-run` it bundles, shows the bindings, and
 * asks nobody; so it needs neither an account nor a network.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { offlineEnvironment, WRANGLER } from "./offline-wrangler.ts";

const args = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "berth-deploy-worker-"));
const isDry = args.includes("--dry-run");
const { status } = spawnSync(process.execPath, [WRANGLER, "deploy", ...args], {
  cwd: fileURLToPath(new URL("..", import.meta.url)),
  stdio: "inherit",
  env: isDry
    ? offlineEnvironment(folder)
    : { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_SEND_ERROR_REPORTS: "false" },
});
rmSync(folder, { recursive: true, force: true });
process.exitCode = status ?? 1;
