import { type RunningServer, startServer } from "../node.ts";
import type { Environment } from "../read-settings.ts";
import { stdoutLines } from "../stdout-lines.ts";
import { type FromProcess, isToProcess } from "./messages.ts";

/**
 * Serves as one of several processes, until its parent or SIGTERM says otherwise. SIGINT and SIGHUP are the parent's to
 * understand: a terminal sends them to all of them at once.
 */
export async function serveAsChild(environment: Environment): Promise<number> {
  for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => undefined);
  const server = await startServer(environment, stdoutLines("shared"), "parent");
  const how = await new Promise<"stop" | "replaced">((resolve) => {
    process.once("SIGTERM", () => resolve("stop"));
    process.on("message", (message: unknown) => {
      if (!isToProcess(message)) return;
      if (message.ask === "leave") resolve("replaced");
      else void tellNumbers(server);
    });
  });
  await server.close(how);
  await tellNumbers(server);
  return 0;
}

/** To a parent that is there: without one nobody asks any more. */
async function tellNumbers({ prometheus }: RunningServer): Promise<void> {
  if (prometheus === undefined || !process.connected) return;
  const message: FromProcess = { numbers: await prometheus.numbers() };
  await new Promise((resolve) => process.send?.(message, resolve));
}
