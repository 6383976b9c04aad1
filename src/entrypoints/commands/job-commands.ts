import { runClientCommand } from "../../client/client-command-line.ts";
import { CLIENT_COMMANDS } from "../../client/commands/all.ts";
import type { Command } from "./command.ts";

/** What runs inside a CI job, as commands of `berth`: the same as in the client's own file. */
export const JOB_COMMANDS: readonly Command[] = CLIENT_COMMANDS.map((command) => ({
  ...command,
  run: ({ environment, ...asked }) => {
    const console = { out: printOut, note: printNote };
    return runClientCommand({ variables: environment, console }, command, asked);
  },
}));

function printOut(line: string): void {
  console.log(line);
}

function printNote(line: string): void {
  console.error(line);
}
