import * as z from "zod";
import type { Api } from "./api-client.ts";
import { apiCommand } from "./api-command.ts";
import { robotPath } from "./api-path.ts";
import type { Command, Invocation } from "./command.ts";
import { textOption } from "./options.ts";
import { show } from "./show.ts";
import { type Column, tableText } from "./table.ts";

export const permission = z.object({ registry: z.string(), repository: z.string(), role: z.string() });

export const PERMISSION_COLUMNS: readonly Column<z.output<typeof permission>>[] = [
  ["registry", ({ registry }) => registry],
  ["repository", ({ repository }) => repository],
  ["role", ({ role }) => role],
];

const shape = z.object({ permissions: z.array(permission) });

function listText({ permissions }: z.output<typeof shape>): string {
  return tableText(permissions, PERMISSION_COLUMNS, "no permissions");
}

/** What a robot account may do, at most. */
export async function showPermissions(
  api: Api,
  { values: { json }, positionals: [robot] }: Invocation,
): Promise<number> {
  const listed = await api.call("GET", `${robotPath(robot)}/permissions`);
  return show(listed, { shape, json, text: listText });
}

const permissionsList = apiCommand({
  words: ["permissions", "list"],
  positionals: ["ROBOT"],
  options: { json: { type: "boolean" } },
  usage: "[--json]",
  summary: "lists the permissions of a robot account",
  description: "Lists what ROBOT may do, at most. A rule may give a credential less.",
  example: "berth permissions list acme+builder",
  run: showPermissions,
});

const permissionsAdd = apiCommand({
  words: ["permissions", "add"],
  positionals: ["ROBOT", "REPOSITORY", "ROLE"],
  options: { registry: { type: "string" }, json: { type: "boolean" } },
  usage: "[--registry SERVICE] [--json]",
  summary: "gives a robot account a permission, or another role",
  description:
    "Gives ROBOT the ROLE read (pull), write (pull, push) or admin (pull, push, delete) on REPOSITORY, a name or a pattern\nsuch as 'acme/*' or 'acme/**'. --registry may be left out while one is registered. A repository of another namespace\nneeds org:admin there.",
  example: "berth permissions add acme+builder acme/app write",
  async run(api, { values, positionals: [robot, repository = "", role = ""] }) {
    const registry = textOption(values, "registry");
    const body = { repository, role, ...(registry === undefined ? {} : { registry }) };
    const changed = await api.call("POST", `${robotPath(robot)}/permissions`, { body });
    return show(changed, { shape, json: values.json, text: listText });
  },
});

const permissionsRemove = apiCommand({
  words: ["permissions", "remove"],
  positionals: ["ROBOT", "REPOSITORY"],
  options: { registry: { type: "string" }, json: { type: "boolean" } },
  usage: "[--registry SERVICE] [--json]",
  summary: "takes a permission of a robot account away",
  description:
    "Takes the permission on REPOSITORY, as `berth permissions list` has it, away from ROBOT. Every live credential of it is\ndead then. --registry may be left out where the robot account has the repository at one registry only.",
  example: "berth permissions remove acme+builder acme/app",
  async run(api, { values, positionals: [robot, repository = ""] }) {
    const query = { repository, registry: textOption(values, "registry") };
    const changed = await api.call("DELETE", `${robotPath(robot)}/permissions`, { query });
    return show(changed, { shape, json: values.json, text: listText });
  },
});

export const PERMISSION_COMMANDS: readonly Command[] = [permissionsList, permissionsAdd, permissionsRemove];
