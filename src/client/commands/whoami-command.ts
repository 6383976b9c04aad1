import { findServer } from "../find-server.ts";
import type { ClientContext } from "../job-console.ts";
import { plain, plainJson } from "../plain-text.ts";
import { type ServerAnswer, type Whoami, whoami } from "../whoami.ts";
import {
  type Asked,
  type ClientCommand,
  EXIT_REFUSED,
  PLACE_OPTIONS,
  tellProblem,
  tellUsage,
} from "./client-command.ts";

export const whoamiCommand: ClientCommand = {
  words: ["whoami"],
  positionals: ["[REGISTRY...]"],
  options: { ...PLACE_OPTIONS, robot: { type: "string" }, json: { type: "boolean" } },
  usage: "[--server URL] [--robot ROBOT] [--identity-token-file FILE] [--json]",
  summary: "shows what the job's identity token says, and the job's logins",
  description: [
    "Shows the platform, the claims of the identity token that it gives for Berth, and this job's logins. The token itself is",
    "not shown. The server is --server, else BERTH_SERVER, else the one that REGISTRY names. With --robot, Berth is asked what",
    "the job would get as that robot account, where the platform gives a job more than one identity token.",
  ].join("\n"),
  example: "berth whoami registry.example.com --robot acme+builder",
  run: runWhoami,
};

async function runWhoami(context: ClientContext, { values, positionals }: Asked): Promise<number> {
  const { environment, console } = context;
  const [registry = ""] = positionals;
  if (registry === "" && !environment.variables.BERTH_SERVER) {
    return tellUsage(context, "name a registry, or the server with --server or BERTH_SERVER");
  }
  const server = await findServer(environment, registry);
  if (!server.ok) return tellProblem(context, server.error);
  const robot = typeof values.robot === "string" ? values.robot : undefined;
  const found = await whoami(context, server.value, robot);
  if (!found.ok) return tellProblem(context, found.error);
  if (values.json) console.out(plainJson(found.value));
  else for (const line of textOf(found.value)) console.out(line);
  const { answer } = found.value;
  return answer !== undefined && "refused" in answer ? EXIT_REFUSED : 0;
}

function textOf({ platform, server, claims, logins, answer }: Whoami): readonly string[] {
  return [
    `platform: ${plain(platform)}`,
    `server: ${plain(server)}`,
    "claims:",
    ...Object.entries(claims).map(([name, value]) => `  ${plain(name)}: ${plain(JSON.stringify(value))}`),
    ...(logins.length === 0 ? ["logins: none"] : ["logins:"]),
    ...logins.map(
      ({ key, robot, scope, expiresAt }) =>
        `  ${plain(key)}: ${plain(robot)} until ${new Date(expiresAt * 1000).toISOString()}: ${plain(scope)}`,
    ),
    ...(answer === undefined ? [] : [`answer: ${answerText(answer)}`]),
  ];
}

function answerText(answer: ServerAnswer): string {
  if ("unasked" in answer) return `not asked: ${answer.unasked}`;
  if ("granted" in answer) return `granted for ${answer.seconds} s: ${plain(answer.granted)}`;
  const { message, mend, code } = answer.refused;
  return `refused: ${message}\n${mend}\n(${code})`;
}
