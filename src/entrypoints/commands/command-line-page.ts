import { CLIENT_VARIABLES, JOB_VARIABLES } from "../../config/client-variables.ts";
import type { Command } from "./command.ts";
import { synopsis } from "./command-help.ts";

/** docs/command-line.md, made from what the commands say of themselves. */
export function commandLinePage(commands: readonly Command[]): string {
  const groups = [...Map.groupBy(commands, ({ words: [first = ""] }) => first)];
  return `${[
    "# The command line",
    "Made by `npm run docs` from `src/entrypoints/commands`; a change by hand is lost.",
    "In a checkout, `berth` is `npm run -s berth --`; in a container it is the image's entrypoint.",
    "## Whom it asks",
    "A command below that is marked “asks the API” asks the management API. It takes `--server URL` besides its own options.",
    table(Object.entries(CLIENT_VARIABLES)),
    "Without a server it works on the store that the settings of this host name ([configuration.md](configuration.md)), as its operator: who can read the store needs no token. The audit record has the operator as `operator`, and an API token as `token:` and its id. Proxies are those of `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. A server has 30 seconds to answer. The token is never an argument, which every process of the host could read.",
    "`login`, `logout`, `whoami` and `configure-docker` run inside a CI job. They use no API token; besides BERTH_SERVER and BERTH_CA_FILE they read what follows, and the variables of the job's platform. [troubleshooting.md](troubleshooting.md) has each of their messages.",
    table(Object.entries(JOB_VARIABLES)),
    "All other commands work on this host.",
    "## What it prints",
    "Tables for people, and with `--json` the answer of the API for programs, lists with all their pages in one. A secret is alone on standard output. A refusal is one sentence on standard error, with its reason and the request id, by which the server's log has it. Control characters in what others wrote stand as their code points.",
    "Exit codes: 0 done; 1 refused, or something does not answer; 2 the command line, the settings or a file.",
    ...groups.flatMap(([first, group]) => [`## ${first}`, ...group.flatMap(section)]),
  ].join("\n\n")}\n`;
}

function section(command: Command): readonly string[] {
  const mark = command.asksApi ? " (asks the API)" : "";
  return [
    `\`${synopsis(command)}\`${mark}`,
    command.description.replaceAll("\n", " "),
    `\`\`\`sh\n${command.example}\n\`\`\``,
  ];
}

function table(rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(([name, meaning]) => `| \`${name}\` | ${meaning} |`);
  return ["| Variable | Meaning |", "| --- | --- |", ...lines].join("\n");
}
