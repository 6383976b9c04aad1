import * as z from "zod";
import { ConfigurationError } from "../configuration-error.ts";
import { apiCommand } from "./api-command.ts";
import { listAll } from "./api-list.ts";
import { apiPath } from "./api-path.ts";
import type { Command } from "./command.ts";
import { readContent } from "./file-content.ts";
import { show, showDone } from "./show.ts";
import { type Column, tableText } from "./table.ts";
import { yamlText } from "./yaml-text.ts";

const registry = z.object({
  service: z.string(),
  managed_by: z.string(),
  registry: z.looseObject({ url: z.string(), token: z.string(), token_seconds: z.int() }),
});

const COLUMNS: readonly Column<z.output<typeof registry>>[] = [
  ["service", ({ service }) => service],
  ["url", ({ registry: { url } }) => url],
  ["token", ({ registry: { token } }) => token],
  ["seconds", ({ registry: { token_seconds } }) => token_seconds],
  ["managed by", ({ managed_by }) => managed_by],
];

const registriesList = apiCommand({
  words: ["registries", "list"],
  positionals: [],
  options: { json: { type: "boolean" } },
  usage: "[--json]",
  summary: "lists the registries",
  description: "Lists the registries that take this server's tokens, by their service names.",
  example: "berth registries list",
  async run(api, { values: { json } }) {
    const listed = await listAll(api, "/registries", "registries");
    const shape = z.object({ registries: z.array(registry) });
    return show(listed, {
      shape,
      json,
      text: ({ registries }) => tableText(registries, COLUMNS, "no registries"),
    });
  },
});

const registriesShow = apiCommand({
  words: ["registries", "show"],
  positionals: ["SERVICE"],
  options: { json: { type: "boolean" } },
  usage: "[--json]",
  summary: "shows a registry, as a file would have it",
  description: "Shows the registry in YAML, as `berth registries put` takes it back.",
  example: "berth registries show registry.example.com",
  async run(api, { values: { json }, positionals: [service = ""] }) {
    const found = await api.call("GET", apiPath`/registries/${service}`);
    return show(found, {
      shape: registry,
      json,
      text: ({ registry: content, ...shown }) => yamlText({ service: shown.service, ...content }),
    });
  },
});

const registriesPut = apiCommand({
  words: ["registries", "put"],
  positionals: ["FILE"],
  options: { json: { type: "boolean" } },
  usage: "[--json]",
  summary: "registers a registry, or changes one, from a file",
  description:
    "FILE (- is standard input) holds one registry in YAML or JSON, in the form that an entry of a declaration file's\n`registries` has. For super:user.",
  example: "berth registries put registry.yaml",
  async run(api, { values: { json }, positionals: [file = ""] }) {
    const { data, jsonOf } = readContent(file);
    const { service, ...content } = data;
    if (typeof service !== "string") throw new ConfigurationError([`${file}: service is required`]);
    const saved = await api.call("PUT", apiPath`/registries/${service}`, { bodyText: jsonOf(content) });
    return show(saved, { shape: registry, json, text: (shown) => `${shown.service}: written` });
  },
});

const registriesRemove = apiCommand({
  words: ["registries", "remove"],
  positionals: ["SERVICE"],
  options: { force: { type: "boolean" } },
  usage: "[--force]",
  summary: "removes a registry",
  description:
    "Removes a registry: it gets no more registry tokens. Refused while permissions name it, unless --force is given; these\nstay then, and open nothing. For super:user.",
  example: "berth registries remove registry.example.com",
  async run(api, { values: { force }, positionals: [service = ""] }) {
    const query = { force: force === true ? "true" : undefined };
    const removed = await api.call("DELETE", apiPath`/registries/${service}`, { query });
    return showDone(removed, `${service}: removed`);
  },
});

export const REGISTRY_COMMANDS: readonly Command[] = [
  registriesList,
  registriesShow,
  registriesPut,
  registriesRemove,
];
