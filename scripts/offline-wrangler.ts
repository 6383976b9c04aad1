import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Wrangler's own program, to be run by the Node that runs this. */
export const WRANGLER = join(
  dirname(createRequire(import.meta.url).resolve("wrangler/package.json")),
  "bin",
  "wrangler.js",
);

/**
 * The environment in which wrangler asks nobody, sends nothing and writes nothing outside of `folder`: no metrics, no
 * error reports, no look for a newer version, no place of a request, no log, no registry of running Workers.
 */
export function offlineEnvironment(folder: string): Record<string, string> {
  mkdirSync(folder, { recursive: true });
  return {
    PATH: process.env.PATH ?? "",
    CI: "true",
    NO_COLOR: "1",
    DO_NOT_TRACK: "1",
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_SEND_ERROR_REPORTS: "false",
    WRANGLER_HIDE_BANNER: "true",
    WRANGLER_WRITE_LOGS: "false",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    WRANGLER_REGISTRY_PATH: join(folder, "registry"),
    XDG_CONFIG_HOME: folder,
    HOME: folder,
  };
}
