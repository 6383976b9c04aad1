import { parseArgs } from "node:util";
import { takes } from "../client/commands/client-command.ts";
import { UnavailableError } from "../usecases/ports.ts";
import { COMMANDS } from "./commands/all-commands.ts";
import type { Command } from "./commands/command.ts";
import { commandHelp, groupHelp, overview, synopsis } from "./commands/command-help.ts";
import { ConfigurationError } from "./configuration-error.ts";
import type { Environment } from "./read-settings.ts";

const EXIT_REFUSED = 1;
const EXIT_USAGE = 2;

/**
 * Runs the command that `args` name, and gives the exit code. 0: done. 1: refused, or something does not answer. 2: the
 * command line or the settings are wrong.
 */
export async function runCommandLine(args: readonly string[], environment: Environment): Promise<number> {
  const command = COMMANDS.find(({ words }) => words.every((word, at) => args[at] === word));
  if (command === undefined) return showHelp(args);
  try {
    const { values, positionals } = parseArgs({
      args: args.slice(command.words.length),
      options: { ...command.options, help: { type: "boolean" } },
      allowPositionals: true,
    });
    if (values.help) return print(commandHelp(command));
    if (!takes(command.positionals, positionals.length)) return usage(command);
    return await command.run({ values, positionals, environment });
  } catch (fault) {
    return tellOf(command, fault);
  }
}

function tellOf(command: Command, fault: unknown): number {
  if (fault instanceof ConfigurationError) {
    for (const problem of fault.problems) console.error(`berth: ${problem}`);
    return EXIT_USAGE;
  }
  if (fault instanceof UnavailableError) {
    console.error(`berth: the store does not answer: ${fault.message}`);
    return EXIT_REFUSED;
  }
  if (fault instanceof TypeError && "code" in fault && String(fault.code).startsWith("ERR_PARSE_ARGS")) {
    console.error(`berth: ${fault.message}`);
    return usage(command);
  }
  throw fault;
}

function usage(command: Command): number {
  console.error(`usage: ${synopsis(command)}`);
  return EXIT_USAGE;
}

const HELP = ["help", "--help", "-h"];

/** For a command line that begins with no command. */
function showHelp(args: readonly string[]): number {
  const [first = "help", second] = args;
  if (HELP.includes(first)) return second === undefined ? print(overview(COMMANDS)) : helpAbout(second);
  const group = COMMANDS.filter(({ words }) => words[0] === first);
  if (group.length > 0 && second !== undefined && HELP.includes(second)) return print(groupHelp(group));
  // Not the word itself: somebody may have pasted a secret where a command belongs.
  console.error(group.length > 0 ? groupHelp(group) : "berth: no such command. `berth help` lists them.");
  return EXIT_USAGE;
}

function helpAbout(word: string): number {
  const group = COMMANDS.filter(({ words }) => words[0] === word);
  return group.length > 0 ? print(groupHelp(group)) : showHelp([word]);
}

function print(text: string): number {
  console.log(text);
  return 0;
}
