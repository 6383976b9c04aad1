import * as z from "zod";
import { apiCommand } from "./api-command.ts";
import { listAll } from "./api-list.ts";
import { apiPath } from "./api-path.ts";
import type { Command } from "./command.ts";
import { cutOffSecret } from "./cut-off.ts";
import { placeOption } from "./options.ts";
import { show, showDone } from "./show.ts";
import { type Column, tableText, timeText } from "./table.ts";

const credential = z.object({
  id: z.string(),
  state: z.string(),
  robot: z.string(),
  rule_id: z.string(),
  subject: z.string(),
  provenance: z.record(z.string(), z.string()),
  expires_at: z.string(),
});

const COLUMNS: readonly Column<z.output<typeof credential>>[] = [
  ["id", ({ id }) => id],
  ["state", ({ state }) => state],
  ["robot", ({ robot }) => robot],
  ["until", ({ expires_at }) => timeText(expires_at)],
  ["rule", ({ rule_id }) => rule_id],
  ["subject", ({ subject }) => subject],
  ["earned by", ({ provenance }) => pairs(provenance)],
];

function pairs(provenance: Readonly<Record<string, string>>): string {
  return Object.entries(provenance)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

const credentialsList = apiCommand({
  words: ["credentials", "list"],
  positionals: [],
  options: { namespace: { type: "string" }, robot: { type: "string" }, json: { type: "boolean" } },
  usage: "[--namespace N | --robot ROBOT] [--json]",
  summary: "lists live credentials, with who earned them and from which run",
  description:
    "Lists the credentials whose time is not over, of one robot account, of one namespace, or, for super:user, of all: by\nwhich rule, by which identity, from which run, and whether they still open anything.",
  example: "berth credentials list --robot acme+builder",
  async run(api, { values }) {
    const { namespace, robot } = placeOption(values);
    const path = namespace === undefined ? "/credentials" : apiPath`/namespaces/${namespace}/credentials`;
    const listed = await listAll(api, path, "credentials", { robot });
    const shape = z.object({ credentials: z.array(credential) });
    return show(listed, {
      shape,
      json: values.json,
      text: ({ credentials }) => tableText(credentials, COLUMNS, "no live credentials"),
    });
  },
});

const credentialsRevoke = apiCommand({
  words: ["credentials", "revoke"],
  positionals: ["ID"],
  options: {},
  usage: "",
  summary: "revokes a credential",
  description:
    "Revokes the credential of that id, which `berth credentials list`, the registry's events and the audit record show.\nWith - the secret itself is read from standard input: that of a credential, a robot token or an API token.",
  example: "berth credentials revoke 07abababababababababababababababab",
  async run(api, { positionals: [id = ""] }) {
    if (id === "-") return cutOffSecret(api);
    return showDone(await api.call("DELETE", apiPath`/credentials/${id}`), `credential ${id}: revoked`);
  },
});

export const CREDENTIAL_COMMANDS: readonly Command[] = [credentialsList, credentialsRevoke];
