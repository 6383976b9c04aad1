import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import * as z from "zod";
import { ConfigurationError } from "../configuration-error.ts";
import { apiCommand } from "./api-command.ts";
import { listAll } from "./api-list.ts";
import { apiPath } from "./api-path.ts";
import type { Command } from "./command.ts";
import { type FileContent, readContent } from "./file-content.ts";
import { show, showDone } from "./show.ts";
import { type Column, tableText } from "./table.ts";
import { yamlText } from "./yaml-text.ts";

const issuer = z.object({
  url: z.string(),
  managed_by: z.string(),
  issuer: z.looseObject({ profile: z.string(), replay: z.string(), enabled: z.boolean() }),
});
type Issuer = z.output<typeof issuer>;

const COLUMNS: readonly Column<Issuer>[] = [
  ["url", ({ url }) => url],
  ["profile", ({ issuer: { profile } }) => profile],
  ["replay", ({ issuer: { replay } }) => replay],
  ["enabled", ({ issuer: { enabled } }) => (enabled ? "yes" : "no")],
  ["managed by", ({ managed_by }) => managed_by],
];

const issuersList = apiCommand({
  words: ["issuers", "list"],
  positionals: [],
  options: { json: { type: "boolean" } },
  usage: "[--json]",
  summary: "lists the trusted issuers",
  description: "Lists the OIDC providers that are trusted, by their URLs.",
  example: "berth issuers list",
  async run(api, { values: { json } }) {
    const listed = await listAll(api, "/issuers", "issuers");
    const shape = z.object({ issuers: z.array(issuer) });
    return show(listed, { shape, json, text: ({ issuers }) => tableText(issuers, COLUMNS, "no issuers") });
  },
});

const issuersShow = apiCommand({
  words: ["issuers", "show"],
  positionals: ["URL"],
  options: { json: { type: "boolean" } },
  usage: "[--json]",
  summary: "shows a trusted issuer, as a file would have it",
  description: "Shows the issuer in YAML, as `berth issuers put` takes it back.",
  example: "berth issuers show https://token.actions.githubusercontent.com",
  async run(api, { values: { json }, positionals: [url = ""] }) {
    const found = await api.call("GET", apiPath`/issuers/${url}`);
    return show(found, {
      shape: issuer,
      json,
      text: ({ issuer: content, ...shown }) => yamlText({ url: shown.url, ...content }),
    });
  },
});

const issuersPut = apiCommand({
  words: ["issuers", "put"],
  positionals: ["FILE"],
  options: { json: { type: "boolean" } },
  usage: "[--json]",
  summary: "trusts an issuer, or changes what it is trusted for, from a file",
  description:
    "FILE (- is standard input) holds one issuer in YAML or JSON, in the form that an entry of a declaration file's\n`issuers` has. At a change of what it is trusted for, all that was earned under it is dead. For super:user.",
  example: "berth issuers put issuer.yaml",
  async run(api, { values: { json }, positionals: [file = ""] }) {
    const content = readContent(file);
    const { url } = content.data;
    if (typeof url !== "string") throw new ConfigurationError([`${file}: url is required`]);
    const saved = await api.call("PUT", apiPath`/issuers/${url}`, { bodyText: bodyOf(content, file) });
    return show(saved, { shape: issuer, json, text: (shown) => `${shown.url}: written` });
  },
});

/** Without the URL, which the path has; and a file that it names goes along, since it is this machine's. */
function bodyOf({ data, jsonOf }: FileContent, file: string): string {
  const { url: _, ca_file: caFile, ...rest } = data;
  if (typeof caFile !== "string") return jsonOf(caFile === undefined ? rest : { ...rest, ca_file: caFile });
  try {
    return jsonOf({ ...rest, ca_pem: readFileSync(resolve(dirname(file), caFile), "utf8") });
  } catch (fault) {
    if (fault instanceof ConfigurationError) throw fault;
    throw new ConfigurationError([`${file}: ca_file: names a file that cannot be read`]);
  }
}

function issuersSwitch(word: "enable" | "disable"): Command {
  const enabled = word === "enable";
  return apiCommand({
    words: ["issuers", word],
    positionals: ["URL"],
    options: {},
    usage: "",
    summary: enabled ? "trusts an issuer again" : "trusts an issuer no longer, and ends what it earned",
    description: enabled
      ? "Lets the identity tokens of an issuer in again. For super:user."
      : "Lets no identity token of an issuer in, and ends all that was earned under it. Also for one that a file manages. For\nsuper:user.",
    example: `berth issuers ${word} https://gitlab.example.com`,
    async run(api, { positionals: [url = ""] }) {
      return showDone(
        await api.call("PATCH", apiPath`/issuers/${url}`, { body: { enabled } }),
        `${url}: ${word}d`,
      );
    },
  });
}

const issuersRemove = apiCommand({
  words: ["issuers", "remove"],
  positionals: ["URL"],
  options: { force: { type: "boolean" } },
  usage: "[--force]",
  summary: "removes a trusted issuer",
  description:
    "Removes an issuer: all that was earned under it is dead. Refused while rules name it, unless --force is given; these\nstay then, and open nothing. For super:user.",
  example: "berth issuers remove https://gitlab.example.com",
  async run(api, { values: { force }, positionals: [url = ""] }) {
    const query = { force: force === true ? "true" : undefined };
    return showDone(await api.call("DELETE", apiPath`/issuers/${url}`, { query }), `${url}: removed`);
  },
});

export const ISSUER_COMMANDS: readonly Command[] = [
  issuersList,
  issuersShow,
  issuersPut,
  issuersSwitch("enable"),
  issuersSwitch("disable"),
  issuersRemove,
];
