import type { Command } from "./command.ts";

/** How a command is called: `berth robots token ROBOT [--hash]`. */
export function synopsis(command: Command): string {
  return ["berth", ...command.words, ...command.positionals, command.usage]
    .filter((word) => word !== "")
    .join(" ");
}

/** All about one command. */
export function commandHelp(command: Command): string {
  const where = command.asksApi ? [WHERE] : [];
  const about = [command.description, ...where].map(wrapped);
  return [synopsis(command), "", ...about, "", "Example:", `  ${command.example}`].join("\n");
}

const WIDTH = 100;

/** A paragraph in lines, whatever lines it was written in. */
function wrapped(text: string): string {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const line = `${lines.at(-1)} ${word}`.trimStart();
    if (line.length <= WIDTH) lines[lines.length - 1] = line;
    else lines.push(word);
  }
  return lines.join("\n");
}

/** The commands that begin with one word. */
export function groupHelp(commands: readonly Command[]): string {
  return commands.map((command) => `  ${synopsis(command)}\n      ${command.summary}`).join("\n");
}

/** Every command in a line, grouped by first word. */
export function overview(commands: readonly Command[]): string {
  const groups = [...Map.groupBy(commands, ({ words: [first] }) => first).values()];
  const width = Math.max(...commands.map(({ words }) => words.join(" ").length));
  const line = ({ words, summary }: Command) => `  ${words.join(" ").padEnd(width)}  ${summary}`;
  const lines = groups.map((group) => group.map(line).join("\n"));
  return [TITLE, ...joined(groups, lines), FOOTER].join("\n\n");
}

/** Single commands that follow each other make one block. */
function joined(groups: readonly (readonly Command[])[], lines: readonly string[]): readonly string[] {
  const blocks: string[] = [];
  let alone = false;
  for (const [at, text] of lines.entries()) {
    const single = groups[at]?.length === 1;
    const last = blocks.at(-1);
    if (single && alone && last !== undefined) blocks[blocks.length - 1] = `${last}\n${text}`;
    else blocks.push(text);
    alone = single;
  }
  return blocks;
}

const TITLE = "Keyless registry credentials for CI.";
const WHERE =
  "It asks the server that --server or BERTH_SERVER names, with an API token; without one, this host's own store.";
const FOOTER =
  "`berth WORD` lists the commands that begin with a word, with their options; `berth COMMAND --help` has an example.\n" +
  "What changes or shows records asks the server that --server or BERTH_SERVER names, with the API token in BERTH_TOKEN,\n" +
  "BERTH_TOKEN_FILE or ~/.config/berth/token; without one, this host's own store, whose settings are environment\n" +
  "variables too (docs/configuration.md). docs/command-line.md has all of it.\n" +
  "Exit codes: 0 done; 1 refused, or something does not answer; 2 the command line, the settings or a file.";
