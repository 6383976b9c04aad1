import { CLIENT_COMMANDS } from "./all.ts";
import type { ClientCommand } from "./client-command.ts";

/** How a command is called. */
export function synopsis({ words, positionals, usage }: ClientCommand): string {
  return ["berth", ...words, ...positionals, usage].filter((word) => word !== "").join(" ");
}

export function commandHelp(command: ClientCommand): string {
  return [synopsis(command), "", command.description, "", "Example:", `  ${command.example}`].join("\n");
}

export function overview(): string {
  const width = Math.max(...CLIENT_COMMANDS.map(({ words: [word] }) => word.length));
  const lines = CLIENT_COMMANDS.map(({ words: [word], summary }) => `  ${word.padEnd(width)}  ${summary}`);
  return [TITLE, "", ...lines, "", FOOTER].join("\n");
}

const TITLE = "Keyless registry logins for CI jobs.";
const FOOTER =
  "`berth COMMAND --help` has the options and an example.\n" +
  "BERTH_SERVER and BERTH_ROBOT stand for --server and --robot; BERTH_CA_FILE names a private CA, HTTPS_PROXY a proxy.\n" +
  "Called as docker-credential-berth, it is the credential helper.\n" +
  "Exit codes: 0 done; 1 refused, or something does not answer; 2 the command line.";
