import * as z from "zod";
import { apiCommand } from "./api-command.ts";
import { listAll } from "./api-list.ts";
import { apiPath, robotArgument, robotPath } from "./api-path.ts";
import type { Command } from "./command.ts";
import { textOption, wholeOption } from "./options.ts";
import { PERMISSION_COLUMNS, permission, showPermissions } from "./permissions.ts";
import { show, showDone, showSecret } from "./show.ts";
import { type Column, recordText, tableText, timeText } from "./table.ts";

const token = z.object({ number: z.int(), expires_at: z.string().nullable(), declared: z.boolean() });
const robot = z.object({
  name: z.string(),
  enabled: z.boolean(),
  description: z.string(),
  created_at: z.string(),
  catalog: z.boolean(),
  keyless_only: z.boolean(),
  token: token.nullable(),
  permissions: z.array(permission),
  rule_count: z.int(),
  managed_by: z.string(),
});
type Robot = z.output<typeof robot>;

const LIST_COLUMNS: readonly Column<Robot>[] = [
  ["name", ({ name }) => name],
  ["enabled", ({ enabled }) => (enabled ? "yes" : "no")],
  ["rules", ({ rule_count }) => rule_count],
  ["permissions", ({ permissions }) => permissions.length],
  ["token", tokenText],
  ["managed by", ({ managed_by }) => managed_by],
  ["description", ({ description }) => description],
];

const COLUMNS: readonly Column<Robot>[] = [
  ["name", ({ name }) => name],
  ["description", ({ description }) => description],
  ["enabled", ({ enabled }) => (enabled ? "yes" : "no")],
  ["created", ({ created_at }) => timeText(created_at)],
  ["managed by", ({ managed_by }) => managed_by],
  ["token", tokenText],
  ["catalogue", ({ catalog }) => (catalog ? "yes" : "no")],
  ["rules", ({ rule_count }) => rule_count],
];

function tokenText({ token: own, keyless_only: keyless }: Robot): string {
  if (own === null) return keyless ? "none allowed" : "none";
  const end = own.expires_at === null ? "" : ` until ${timeText(own.expires_at)}`;
  return `#${own.number}${end}${own.declared ? ", declared" : ""}`;
}

const robotsList = apiCommand({
  words: ["robots", "list"],
  positionals: ["NAMESPACE"],
  options: { json: { type: "boolean" } },
  usage: "[--json]",
  summary: "lists the robot accounts of a namespace",
  description: "Lists the robot accounts of NAMESPACE by name. No list shows a robot token.",
  example: "berth robots list acme",
  async run(api, { values: { json }, positionals: [namespace = ""] }) {
    const listed = await listAll(api, apiPath`/namespaces/${namespace}/robots`, "robots");
    const shape = z.object({ robots: z.array(robot) });
    return show(listed, {
      shape,
      json,
      text: ({ robots }) => tableText(robots, LIST_COLUMNS, "no robot accounts"),
    });
  },
});

const robotsShow = apiCommand({
  words: ["robots", "show"],
  positionals: ["ROBOT"],
  options: { json: { type: "boolean" } },
  usage: "[--json]",
  summary: "shows a robot account and its permissions",
  description: "Shows ROBOT and its permissions. `berth rules list` shows its rules.",
  example: "berth robots show acme+builder",
  async run(api, { values: { json }, positionals: [name] }) {
    const found = await api.call("GET", robotPath(name));
    return show(found, {
      shape: robot,
      json,
      text: (shown) =>
        [
          recordText(shown, COLUMNS),
          "",
          tableText(shown.permissions, PERMISSION_COLUMNS, "no permissions"),
        ].join("\n"),
    });
  },
});

const robotsCreate = apiCommand({
  words: ["robots", "create"],
  positionals: ["ROBOT"],
  options: {
    description: { type: "string" },
    keyless: { type: "boolean" },
    "expires-in": { type: "string" },
    json: { type: "boolean" },
  },
  usage: "[--description TEXT] [--keyless | --expires-in SECONDS] [--json]",
  summary: "creates a robot account, and prints its token once",
  description:
    "Creates ROBOT, without permissions and rules, and prints its robot token, once. With --keyless it has none, and may\nnever have one: identity tokens alone act as it.",
  example: "berth robots create acme+builder --keyless",
  async run(api, { values, positionals: [name] }) {
    const { namespace, shortName } = robotArgument(name);
    const expiresIn = wholeOption(values, "expires-in");
    const description = textOption(values, "description");
    const body = {
      name: shortName,
      ...(description === undefined ? {} : { description }),
      ...(values.keyless === true ? { keyless_only: true } : {}),
      ...(expiresIn === undefined ? {} : { token_expires_in: expiresIn }),
    };
    const made = await api.call("POST", apiPath`/namespaces/${namespace}/robots`, { body });
    return showSecret(made, {
      shape: z.object({ name: z.string(), robot_token: z.string().optional() }),
      json: values.json,
      secret: (created) => created.robot_token,
      note: (created) =>
        `${created.name}: created${created.robot_token === undefined ? "" : "; its token is not shown again"}`,
    });
  },
});

const robotsDelete = apiCommand({
  words: ["robots", "delete"],
  positionals: ["ROBOT"],
  options: {},
  usage: "",
  summary: "deletes a robot account",
  description: "Deletes ROBOT: its robot token and every credential of it are dead, and its name is free.",
  example: "berth robots delete acme+builder",
  async run(api, { positionals: [name] }) {
    return showDone(await api.call("DELETE", robotPath(name)), `${name}: deleted`);
  },
});

function robotsSwitch(word: "enable" | "disable"): Command {
  const enabled = word === "enable";
  return apiCommand({
    words: ["robots", word],
    positionals: ["ROBOT"],
    options: {},
    usage: "",
    summary: enabled
      ? "enables a robot account again"
      : "disables a robot account, and ends all that it earned",
    description: enabled
      ? "Lets ROBOT act again. Credentials from before stay dead; its robot token is good again."
      : "Ends every credential of ROBOT, and lets it act no longer, by an identity token or by its robot token. Also for one\nthat a file manages.",
    example: `berth robots ${word} acme+builder`,
    async run(api, { positionals: [name] }) {
      const changed = await api.call("PATCH", robotPath(name), { body: { enabled } });
      return showDone(changed, `${name}: ${word}d`);
    },
  });
}

const robotsPermissions = apiCommand({
  words: ["robots", "permissions"],
  positionals: ["ROBOT"],
  options: { json: { type: "boolean" } },
  usage: "[--json]",
  summary: "lists the permissions of a robot account",
  description: "What `berth permissions list` does.",
  example: "berth robots permissions acme+builder",
  run: showPermissions,
});

export const ROBOT_COMMANDS: readonly Command[] = [
  robotsList,
  robotsShow,
  robotsCreate,
  robotsDelete,
  robotsSwitch("enable"),
  robotsSwitch("disable"),
  robotsPermissions,
];
