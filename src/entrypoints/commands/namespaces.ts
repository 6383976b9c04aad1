import * as z from "zod";
import { apiCommand } from "./api-command.ts";
import { listAll } from "./api-list.ts";
import { apiPath } from "./api-path.ts";
import type { Command } from "./command.ts";
import { isConfirmed } from "./confirm.ts";
import { namespacesExport } from "./namespaces-export.ts";
import { textOption } from "./options.ts";
import { show, showDone } from "./show.ts";
import { type Column, tableText } from "./table.ts";

const namespace = z.object({
  name: z.string(),
  kind: z.string(),
  enabled: z.boolean(),
  managed_by: z.string(),
});

const COLUMNS: readonly Column<z.output<typeof namespace>>[] = [
  ["name", ({ name }) => name],
  ["kind", ({ kind }) => kind],
  ["enabled", ({ enabled }) => (enabled ? "yes" : "no")],
  ["managed by", ({ managed_by }) => managed_by],
];

const namespacesList = apiCommand({
  words: ["namespaces", "list"],
  positionals: [],
  options: { json: { type: "boolean" } },
  usage: "[--json]",
  summary: "lists the namespaces that the API token is bound to",
  description: "Lists organizations and users, by name, as far as the API token is bound to them.",
  example: "berth namespaces list",
  async run(api, { values: { json } }) {
    const listed = await listAll(api, "/namespaces", "namespaces");
    const shape = z.object({ namespaces: z.array(namespace) });
    return show(listed, {
      shape,
      json,
      text: (list) => tableText(list.namespaces, COLUMNS, "no namespaces"),
    });
  },
});

const namespacesCreate = apiCommand({
  words: ["namespaces", "create"],
  positionals: ["NAME"],
  options: { kind: { type: "string" }, json: { type: "boolean" } },
  usage: "[--kind organization|user] [--json]",
  summary: "creates a namespace",
  description: "Creates an organization, or a user with --kind user. For super:user.",
  example: "berth namespaces create acme",
  async run(api, { values, positionals: [name = ""] }) {
    const kind = textOption(values, "kind");
    const body = { name, ...(kind === undefined ? {} : { kind }) };
    const created = await api.call("POST", "/namespaces", { body });
    return show(created, { shape: namespace, json: values.json, text: (made) => `${made.name}: created` });
  },
});

const namespacesDelete = apiCommand({
  words: ["namespaces", "delete"],
  positionals: ["NAME"],
  options: { yes: { type: "boolean" } },
  usage: "[--yes]",
  summary: "deletes a namespace with its robot accounts",
  description:
    "Deletes a namespace with its robot accounts: all that was earned with them is dead. Its images stay in the\nregistries, so its name stays reserved until `berth namespaces release`. Asks for the name unless --yes is given.",
  example: "berth namespaces delete acme",
  async run(api, { values, positionals: [name = ""] }) {
    if (!(await isConfirmed(values, name, `deletes ${name} with its robot accounts`))) return 2;
    const removed = await api.call("DELETE", apiPath`/namespaces/${name}`);
    const shape = z.object({ registries: z.array(z.string()) });
    return show(removed, {
      shape,
      json: false,
      text: ({ registries }) => `${name}: deleted; its name is reserved${imagesIn(registries)}`,
    });
  },
});

function imagesIn(registries: readonly string[]): string {
  return registries.length === 0 ? "" : `, its images may still be in ${registries.join(", ")}`;
}

function namespacesSwitch(word: "enable" | "disable"): Command {
  const enabled = word === "enable";
  return apiCommand({
    words: ["namespaces", word],
    positionals: ["NAME"],
    options: {},
    usage: "",
    summary: enabled ? "enables a namespace again" : "disables a namespace, and ends all that it earned",
    description: enabled
      ? "Lets the robot accounts of a namespace act again. What had been earned before stays dead."
      : "Ends all that was earned with the robot accounts of a namespace, and lets nothing more be earned. Also for one that\na file manages.",
    example: `berth namespaces ${word} acme`,
    async run(api, { positionals: [name = ""] }) {
      const path = apiPath`/namespaces/${name}`;
      return showDone(await api.call("PATCH", path, { body: { enabled } }), `${name}: ${word}d`);
    },
  });
}

const namespacesReserved = apiCommand({
  words: ["namespaces", "reserved"],
  positionals: [],
  options: { json: { type: "boolean" } },
  usage: "[--json]",
  summary: "lists the names of deleted namespaces",
  description: "Lists the names that nobody can take before they are released. For super:user.",
  example: "berth namespaces reserved",
  async run(api, { values: { json } }) {
    const shape = z.object({ names: z.array(z.object({ name: z.string(), since: z.string().nullable() })) });
    const columns: readonly Column<{ name: string; since: string | null }>[] = [
      ["name", ({ name }) => name],
      ["since", ({ since }) => since ?? undefined],
    ];
    const listed = await listAll(api, "/reserved-names", "names");
    return show(listed, { shape, json, text: ({ names }) => tableText(names, columns, "no reserved names") });
  },
});

const namespacesRelease = apiCommand({
  words: ["namespaces", "release"],
  positionals: ["NAME"],
  options: {},
  usage: "",
  summary: "releases the name of a deleted namespace",
  description:
    "Lets somebody take the name again, and with it what images are left under it: look into the registries first, and\ndelete them there. For super:user.",
  example: "berth namespaces release acme",
  async run(api, { positionals: [name = ""] }) {
    return showDone(await api.call("DELETE", apiPath`/reserved-names/${name}`), `${name}: released`);
  },
});

export const NAMESPACE_COMMANDS: readonly Command[] = [
  namespacesList,
  namespacesCreate,
  namespacesDelete,
  namespacesExport,
  namespacesSwitch("enable"),
  namespacesSwitch("disable"),
  namespacesReserved,
  namespacesRelease,
];
