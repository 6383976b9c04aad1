import { parseArgs } from "node:util";
import { createClientEnvironment } from "./client-environment.ts";
import type { ClientProcess } from "./client-process.ts";
import { CLIENT_COMMANDS } from "./commands/all.ts";
import { type Asked, type ClientCommand, EXIT_USAGE, takes, withFlags } from "./commands/client-command.ts";
import { commandHelp, overview, synopsis } from "./commands/client-help.ts";
import { plain } from "./plain-text.ts";

/** The client's own command line; gives the exit code. */
export async function runClientCommandLine(client: ClientProcess, args: readonly string[]): Promise<number> {
  const [first = "help", ...rest] = args;
  const command = CLIENT_COMMANDS.find(({ words: [word] }) => word === first);
  if (command === undefined) return showHelp(client, first);
  const asked = parse(command, rest);
  if (typeof asked === "string") return usage(client, command, asked);
  if (asked.values.help) return print(client, commandHelp(command));
  const isEnough = takes(command.positionals, asked.positionals.length);
  return isEnough ? runClientCommand(client, command, asked) : usage(client, command);
}

/** A sentence where it is no command line of `command`. */
function parse(command: ClientCommand, args: readonly string[]): Asked | string {
  const options = { ...command.options, help: { type: "boolean" as const } };
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (fault) {
    if (fault instanceof TypeError && "code" in fault && String(fault.code).startsWith("ERR_PARSE_ARGS")) {
      // Somebody may have pasted a secret where an option belongs.
      return plain(fault.message);
    }
    throw fault;
  }
}

function usage({ console }: ClientProcess, command: ClientCommand, sentence?: string): number {
  if (sentence !== undefined) console.note(`berth: ${sentence}`);
  console.note(`usage: ${synopsis(command)}`);
  return EXIT_USAGE;
}

function showHelp(client: ClientProcess, first: string): number {
  if (["help", "--help", "-h"].includes(first)) return print(client, overview());
  if (first === "--version") return print(client, client.version);
  client.console.note("berth: no such command. `berth help` lists them.");
  return EXIT_USAGE;
}

function print({ console }: ClientProcess, text: string): number {
  console.out(text);
  return 0;
}

/** Runs one command, its flags in place of the variables that they stand for. */
export function runClientCommand(
  { variables, console }: Pick<ClientProcess, "variables" | "console">,
  command: ClientCommand,
  asked: Asked,
): Promise<number> {
  const environment = createClientEnvironment(withFlags(variables, asked));
  return command.run({ environment, console }, asked);
}
