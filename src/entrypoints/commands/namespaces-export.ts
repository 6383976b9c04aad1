import { setTimeout } from "node:timers/promises";
import * as z from "zod";
import { plainJson } from "../../client/plain-text.ts";
import { splitRobotName } from "../../domain/access/names.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { Api } from "./api-client.ts";
import { apiCommand } from "./api-command.ts";
import { listAll } from "./api-list.ts";
import { apiPath, robotPath } from "./api-path.ts";
import { type ApiRefusal, NOT_UNDERSTOOD, tellRefusal } from "./api-refusal.ts";
import type { Command } from "./command.ts";
import { plain } from "./plain-text.ts";
import { ruleList } from "./rules.ts";
import { yamlText } from "./yaml-text.ts";

const namespaceAnswer = z.object({ name: z.string(), kind: z.string(), enabled: z.boolean() });
const robotAnswer = z.object({
  name: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  catalog: z.boolean(),
  permissions: z.array(z.unknown()),
  token: z.object({ declared: z.boolean() }).nullable(),
  rule_count: z.int(),
});
type ShownRobot = z.output<typeof robotAnswer>;
const robotsAnswer = z.object({ robots: z.array(robotAnswer) });

type Defaults = Readonly<Record<string, string>>;
const NAMESPACE_DEFAULTS: Defaults = { kind: '"organization"', enabled: "true", robots: "[]" };
const ROBOT_DEFAULTS: Defaults = {
  description: '""',
  enabled: "true",
  catalog: "false",
  permissions: "[]",
  rules: "[]",
};
/** Not its permissions: a rule with none grants nothing, and one that does not say grants all of the robot's. */
const RULE_DEFAULTS: Defaults = { description: '""', enabled: "true", claims: "{}" };

/** So many requests at once, and then these milliseconds between two: exchanges share the limit of this address. */
const AT_ONCE = 100;
const PAUSE_MS = 100;

export const namespacesExport: Command = apiCommand({
  words: ["namespaces", "export"],
  positionals: ["NAME"],
  options: { json: { type: "boolean" } },
  usage: "[--json]",
  summary: "writes a namespace as a declaration",
  description:
    "Prints the namespace with its robot accounts, permissions and rules as a declaration file, which `berth plan` and\n`berth apply` take; with --json in JSON. Robot tokens, pins and metadata are no part of a declaration, and stay with the robot.\nWhat somebody wrote to it meanwhile may be missing.",
  example: "berth namespaces export acme > berth/acme.yaml",
  async run(api, { values: { json }, positionals: [name = ""] }) {
    const read = await readNamespace(api, name);
    if (!read.ok) return tellRefusal(read.error);
    const { namespace, robots } = read.value;
    const declaration = {
      namespaces: [without(NAMESPACE_DEFAULTS, { ...namespace, robots: robots.map(declared) })],
    };
    console.log(json === true ? plainJson(declaration, 2) : yamlText(declaration));
    for (const robot of robots) if (robot.token?.declared) console.error(warning(robot.name));
    return 0;
  },
});

interface ExportedRobot extends ShownRobot {
  readonly rules: readonly object[];
}

async function readNamespace(
  api: Api,
  name: string,
): Promise<Result<{ namespace: object; robots: readonly ExportedRobot[] }, ApiRefusal>> {
  const path = apiPath`/namespaces/${name}`;
  const namespace = understoodIn(await api.call("GET", path), namespaceAnswer);
  if (!namespace.ok) return namespace;
  const listed = understoodIn(await listAll(api, `${path}/robots`, "robots"), robotsAnswer);
  if (!listed.ok) return listed;
  const robots: ExportedRobot[] = [];
  let asked = 0;
  for (const robot of listed.value.robots) {
    if (robot.rule_count === 0) {
      robots.push({ ...robot, rules: [] });
      continue;
    }
    asked += 1;
    if (asked > AT_ONCE) await setTimeout(PAUSE_MS);
    const rules = understoodIn(await api.call("GET", `${robotPath(robot.name)}/rules`), ruleList);
    if (!rules.ok) return rules;
    robots.push({ ...robot, rules: rules.value.rules.map(({ rule }) => without(RULE_DEFAULTS, rule)) });
  }
  return ok({ namespace: namespace.value, robots });
}

function declared({ name, description, enabled, catalog, permissions, rules }: ExportedRobot): object {
  const short = splitRobotName(name)?.shortName ?? name;
  return without(ROBOT_DEFAULTS, { name: short, description, enabled, catalog, permissions, rules });
}

function without(defaults: Defaults, content: object): object {
  return Object.fromEntries(
    Object.entries(content).filter(([field, value]) => JSON.stringify(value) !== defaults[field]),
  );
}

function warning(robot: string): string {
  return `${plain(robot)}: its token_hash is nowhere to be read, and applying this without it would end its robot token: take it from the file that declares it`;
}

function understoodIn<T>(
  answer: Result<{ readonly body: unknown }, ApiRefusal>,
  shape: z.ZodType<T>,
): Result<T, ApiRefusal> {
  if (!answer.ok) return answer;
  const read = shape.safeParse(answer.value.body);
  return read.success ? ok(read.data) : err(NOT_UNDERSTOOD);
}
