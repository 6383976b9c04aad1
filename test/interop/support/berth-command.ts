import { type BerthProcess, ENCRYPTION_KEY } from "../../support/berth-process.ts";
import { type Run, runCommand } from "./command.ts";

const CLI = new URL("../../../src/entrypoints/cli.ts", import.meta.url).pathname;

/** Runs the `berth` command with the settings of a server that runs on the same data. */
export function berthCommand(server: BerthProcess, ...args: readonly string[]): Promise<Run> {
  return runCommand(process.execPath, [CLI, ...args], {
    env: {
      BERTH_PUBLIC_URL: server.url,
      BERTH_LISTEN: `127.0.0.1:${server.port}`,
      BERTH_DATA_DIR: server.folder,
      BERTH_ENCRYPTION_KEY: ENCRYPTION_KEY,
    },
  });
}
