import { startServer } from "./node.ts";
import type { Environment } from "./read-settings.ts";
import { stdoutLines } from "./stdout-lines.ts";

/** Serves in this process, until SIGTERM, SIGINT or SIGHUP; the exit code. */
export async function serveAlone(environment: Environment): Promise<number> {
  const server = await startServer(environment, stdoutLines());
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
  await server.close();
  return 0;
}
