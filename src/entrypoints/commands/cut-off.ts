import * as z from "zod";
import { parseSecret } from "../../domain/accounts/secret.ts";
import { ConfigurationError } from "../configuration-error.ts";
import type { Api } from "./api-client.ts";
import { apiCommand } from "./api-command.ts";
import type { Command } from "./command.ts";
import { isConfirmed } from "./confirm.ts";
import { readText } from "./file-content.ts";
import { textOption } from "./options.ts";
import { show } from "./show.ts";

const outcome = z.object({ ended: z.union([z.int(), z.literal("all")]), what: z.string() });

/** What is to end, as the API takes it, and the name that is asked for before. */
interface Target {
  readonly body: Readonly<Record<string, unknown>>;
  readonly name: string;
  /** Behind "This ends". */
  readonly what: string;
}

interface CutOffCommand extends Pick<Command, "positionals" | "summary" | "example"> {
  readonly word: string;
  readonly usage?: string;
  readonly options?: Command["options"];
  readonly description: string;
  target(positionals: readonly string[], values: Readonly<Record<string, unknown>>): Target;
}

const LATER =
  "It leaves rules and issuers as they are: disable first who was let in wrongly. Registry tokens\nthat are out live on for five minutes at most. Asks for the name unless --yes is given.";

function cutOffCommand({
  word,
  usage = "",
  options = {},
  description,
  target,
  ...rest
}: CutOffCommand): Command {
  return apiCommand({
    ...rest,
    words: ["cut-off", word],
    options: { ...options, yes: { type: "boolean" }, json: { type: "boolean" } },
    usage: `${usage}${usage && " "}[--yes] [--json]`,
    description: `${description}\n${LATER}`,
    async run(api, { values, positionals }) {
      const { body, name, what } = target(positionals, values);
      if (!(await isConfirmed(values, name, `ends ${what}`))) return 2;
      return cutOff(api, body, values.json);
    },
  });
}

async function cutOff(api: Api, body: Target["body"], json: unknown): Promise<number> {
  const ended = await api.call("POST", "/cut-off", { body });
  return show(ended, { shape: outcome, json, text: ({ what }) => `ended: ${what}` });
}

/** Ends the secret on standard input, which shows that whoever found it may end it. */
export function cutOffSecret(api: Api, json: unknown = false): Promise<number> {
  const secret = readText("-").trim();
  // Whatever else somebody pasted goes to no server.
  if (parseSecret(secret) === undefined) {
    throw new ConfigurationError(["standard input holds no credential, robot token or API token of Berth's"]);
  }
  return cutOff(api, { kind: "secret", secret }, json);
}

const cutOffCredential: Command = apiCommand({
  words: ["cut-off", "credential"],
  positionals: ["ID"],
  options: { yes: { type: "boolean" }, json: { type: "boolean" } },
  usage: "[--yes] [--json]",
  summary: "ends one credential",
  description:
    "Ends the credential of that id. With - the secret itself is read from standard input: that of a credential, a robot\ntoken or an API token, by whoever found it. Asks for the id unless --yes is given.",
  example: "berth cut-off credential - < found.txt",
  async run(api, { values, positionals: [id = ""] }) {
    if (id === "-") return cutOffSecret(api, values.json);
    if (!(await isConfirmed(values, id, `ends credential ${id}`))) return 2;
    return cutOff(api, { kind: "credential", id }, values.json);
  },
});

const cutOffRobot = cutOffCommand({
  word: "robot",
  positionals: ["ROBOT"],
  summary: "ends all that identity tokens earned with a robot account",
  description: "Ends every credential of ROBOT. Its robot token stays: `berth robots token` makes another.",
  example: "berth cut-off robot acme+builder",
  target: ([robot = ""]) => ({
    body: { kind: "robot", robot },
    name: robot,
    what: `all that identity tokens earned with ${robot}`,
  }),
});

const cutOffRule = cutOffCommand({
  word: "rule",
  positionals: ["ROBOT", "RULE"],
  summary: "ends all that was earned by a rule",
  description: "Ends every credential that the rule of that id gave.",
  example: "berth cut-off rule acme+builder q83vEjRWeJCrze8SNFZ4kA",
  target: ([robot, id = ""]) => ({
    body: { kind: "rule", robot, rule_id: id },
    name: id,
    what: `all that was earned by rule ${id} of ${robot}`,
  }),
});

const cutOffNamespace = cutOffCommand({
  word: "namespace",
  positionals: ["NAMESPACE"],
  summary: "ends all that identity tokens earned in a namespace",
  description: "Ends every credential of the robot accounts of NAMESPACE. Their robot tokens stay.",
  example: "berth cut-off namespace acme",
  target: ([namespace = ""]) => ({
    body: { kind: "namespace", namespace },
    name: namespace,
    what: `all that identity tokens earned in ${namespace}`,
  }),
});

const cutOffIssuer = cutOffCommand({
  word: "issuer",
  positionals: ["URL"],
  options: { since: { type: "string" } },
  usage: "[--since TIME]",
  summary: "ends all that was earned under an issuer",
  description:
    "Ends every credential that the identity tokens of an issuer earned, with --since those that were earned at or after a\ntime of RFC 3339. For super:user.",
  example: "berth cut-off issuer https://gitlab.example.com --since 2026-03-01T12:00:00Z",
  target: ([url = ""], values) => {
    const since = textOption(values, "since");
    return {
      body: { kind: "issuer", url, ...(since === undefined ? {} : { since }) },
      name: url,
      what: `all that was earned under ${url}${since === undefined ? "" : ` since ${since}`}`,
    };
  },
});

const cutOffEverything = cutOffCommand({
  word: "everything",
  positionals: [],
  summary: "ends all that identity tokens earned, everywhere",
  description:
    "Ends every credential of every namespace, and refuses every identity token that was issued until now. Robot tokens and\nAPI tokens stay. For super:user.",
  example: "berth cut-off everything --yes",
  target: () => ({
    body: { kind: "everything" },
    name: "everything",
    what: "all that identity tokens earned, in every namespace",
  }),
});

export const CUT_OFF_COMMANDS: readonly Command[] = [
  cutOffCredential,
  cutOffRobot,
  cutOffRule,
  cutOffNamespace,
  cutOffIssuer,
  cutOffEverything,
];
