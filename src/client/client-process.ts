import type { ClientEnvironment } from "./client-environment.ts";
import type { JobConsole } from "./job-console.ts";

/** A process that runs the client. */
export interface ClientProcess {
  readonly variables: ClientEnvironment["variables"];
  readonly console: JobConsole;
  readonly version: string;
}
