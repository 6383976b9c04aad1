#!/usr/bin/env node
import { parseArgs } from "node:util";
import { UnavailableError } from "../usecases/ports.ts";
import { check } from "./commands/check.ts";
import type { Command } from "./commands/command.ts";
import { explain } from "./commands/explain.ts";
import { health } from "./commands/health.ts";
import { keysCa, keysInit, keysList, keysRotate } from "./commands/keys.ts";
import { nearMisses } from "./commands/near-misses.ts";
import { robotsToken } from "./commands/robots-token.ts";
import { serve } from "./commands/serve.ts";
import { newEpoch } from "./commands/store.ts";
import { ConfigurationError } from "./configuration-error.ts";

const COMMANDS: readonly Command[] = [
  serve,
  check,
  robotsToken,
  keysList,
  keysRotate,
  keysInit,
  keysCa,
  newEpoch,
  explain,
  nearMisses,
  health,
];

const EXIT_REFUSED = 1;
const EXIT_USAGE = 2;

/** 0: done. 1: refused, or something does not answer. 2: the command line or the settings are wrong. */
async function main(args: readonly string[]): Promise<number> {
  const command = COMMANDS.find(({ words }) => words.every((word, at) => args[at] === word));
  if (command === undefined) return showHelp(args);
  try {
    const { values, positionals } = parseArgs({
      args: args.slice(command.words.length),
      options: { ...command.options, help: { type: "boolean" } },
      allowPositionals: true,
    });
    if (values.help) return print(helpOf(command));
    if (positionals.length !== command.positionals.length) return usage(command);
    return await command.run({ values, positionals, environment: process.env });
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

function showHelp(args: readonly string[]): number {
  const [first] = args;
  if (first !== undefined && !["help", "--help", "-h"].includes(first)) {
    const seconds = COMMANDS.filter(({ words }) => words[0] === first).map(({ words }) => words[1]);
    // Not the word itself: somebody may have pasted a secret where a command belongs.
    console.error(
      seconds.length > 0
        ? `berth: ${first} needs one of: ${seconds.join(", ")}`
        : "berth: no such command. `berth help` lists them.",
    );
    return EXIT_USAGE;
  }
  return print(["Keyless registry credentials for CI.", "", ...COMMANDS.map(summary), "", FOOTER].join("\n"));
}

const FOOTER =
  "Settings are environment variables (docs/configuration.md). `berth COMMAND --help` has an example.\n" +
  "Exit codes: 0 done; 1 refused, or something does not answer; 2 the command line, the settings or a file.";

function summary(command: Command): string {
  return `  ${synopsis(command)}\n      ${command.summary}`;
}

function synopsis(command: Command): string {
  return ["berth", ...command.words, ...command.positionals, command.usage]
    .filter((word) => word !== "")
    .join(" ");
}

function helpOf(command: Command): string {
  return [synopsis(command), "", command.description, "", "Example:", `  ${command.example}`].join("\n");
}

function print(text: string): number {
  console.log(text);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
