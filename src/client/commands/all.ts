import type { ClientCommand } from "./client-command.ts";
import { configureDockerCommand } from "./configure-docker-command.ts";
import { loginCommand } from "./login-command.ts";
import { logoutCommand } from "./logout-command.ts";
import { whoamiCommand } from "./whoami-command.ts";

/** What runs inside a job, in the order in which help has it. */
export const CLIENT_COMMANDS: readonly ClientCommand[] = [
  loginCommand,
  logoutCommand,
  whoamiCommand,
  configureDockerCommand,
];
