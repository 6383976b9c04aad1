import * as z from "zod";
import { splitRobotName } from "../../domain/access/names.ts";
import { ok, type Result } from "../../domain/result.ts";
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

/** What a declaration need not say, by the names of its fields. */
const DEFAULTS: Readonly<Record<string, string>> = {
  kind: '"organization"',
  enabled: "true",
  description: '""',
  catalog: "false",
  permissions: "[]",
  rules: "[]",
  claims: "{}",
};

export const namespacesExport: Command = apiCommand({
  words: ["namespaces", "export"],
  positionals: ["NAME"],
  options: { json: { type: "boolean" } },
  usage: "[--json]",
  summary: "writes a namespace as a declaration",
  description:
    "Prints the namespace with its robot accounts, permissions and rules as a declaration file, which `berth plan` and\n`berth apply` take; with --json in JSON. Robot tokens, pins and metadata are no part of a declaration, and stay with the robot.\nWhat somebody wrote to it meanwhile may be missing.",
  example: "berth namespaces export acme > berth/acme.yaml",
  async run(api, { values, positionals: [name = ""] }) {
    const found = understoodIn(await api.call("GET", apiPath`/namespaces/${name}`), namespaceAnswer);
    if (!found.ok) return tellRefusal(found.error);
    const path = apiPath`/namespaces/${name}/robots`;
    const listed = understoodIn(
      await listAll(api, path, "robots"),
      z.object({ robots: z.array(robotAnswer) }),
    );
    if (!listed.ok) return tellRefusal(listed.error);
    const { robots } = listed.value;
    const declared: object[] = [];
    for (const robot of robots) {
      const rules = await rulesOf(api, robot);
      if (!rules.ok) return tellRefusal(rules.error);
      declared.push(declaredRobot(robot, rules.value));
    }
    const namespace = { ...withoutDefaults(found.value), ...withoutDefaults({ robots: declared }) };
    const declaration = { namespaces: [namespace] };
    console.log(values.json === true ? JSON.stringify(declaration, null, 2) : yamlText(declaration));
    for (const { name: robot } of robots.filter(({ token }) => token?.declared))
      console.error(warning(robot));
    return 0;
  },
});

/** Of a robot without any nothing is asked: a namespace may have thousands. */
async function rulesOf(api: Api, { name, rule_count }: ShownRobot): Promise<Result<object[], ApiRefusal>> {
  if (rule_count === 0) return ok([]);
  const listed = understoodIn(await api.call("GET", `${robotPath(name)}/rules`), ruleList);
  return listed.ok ? ok(listed.value.rules.map(({ rule }) => withoutDefaults(rule))) : listed;
}

function declaredRobot(
  { name, description, enabled, catalog, permissions }: ShownRobot,
  rules: readonly object[],
): object {
  const short = splitRobotName(name)?.shortName ?? name;
  return withoutDefaults({ name: short, description, enabled, catalog, permissions, rules });
}

function withoutDefaults(content: object): object {
  return Object.fromEntries(
    Object.entries(content).filter(([field, value]) => JSON.stringify(value) !== DEFAULTS[field]),
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
  return read.success ? ok(read.data) : { ok: false, error: NOT_UNDERSTOOD };
}
