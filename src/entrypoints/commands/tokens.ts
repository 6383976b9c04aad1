import * as z from "zod";
import { apiCommand } from "./api-command.ts";
import { listAll } from "./api-list.ts";
import { apiPath } from "./api-path.ts";
import type { Command } from "./command.ts";
import { listOption, textOption, wholeOption } from "./options.ts";
import { show, showDone, showSecret } from "./show.ts";
import { type Column, recordText, tableText, timeText } from "./table.ts";

const namespaces = z.union([z.array(z.string()), z.literal("all")]);
const token = z.object({
  id: z.string(),
  description: z.string(),
  scopes: z.array(z.string()),
  namespaces,
  expires_at: z.string(),
  created_by: z.string(),
});
const caller = z.object({
  actor: z.string(),
  scopes: z.array(z.string()),
  namespaces,
  user: z.string().optional(),
  expires_at: z.string().nullable(),
});

const COLUMNS: readonly Column<z.output<typeof token>>[] = [
  ["id", ({ id }) => id],
  ["until", ({ expires_at }) => timeText(expires_at)],
  ["scopes", ({ scopes }) => scopes.join(",")],
  ["namespaces", (shown) => namesText(shown.namespaces)],
  ["created by", ({ created_by }) => created_by],
  ["description", ({ description }) => description],
];

const CALLER_COLUMNS: readonly Column<z.output<typeof caller>>[] = [
  ["known as", ({ actor }) => actor],
  ["scopes", ({ scopes }) => scopes.join(",")],
  ["namespaces", (shown) => namesText(shown.namespaces)],
  ["user", ({ user }) => user],
  ["until", ({ expires_at }) => timeText(expires_at)],
];

function namesText(names: z.output<typeof namespaces>): string {
  return names === "all" ? names : names.join(",");
}

const tokensList = apiCommand({
  words: ["tokens", "list"],
  positionals: [],
  options: { json: { type: "boolean" } },
  usage: "[--json]",
  summary: "lists the API tokens",
  description:
    "Lists the API tokens by the time of their creation, without their secrets. Those that identity tokens earned are\namong `berth credentials list`. For super:user.",
  example: "berth tokens list",
  async run(api, { values: { json } }) {
    const listed = await listAll(api, "/tokens", "tokens");
    const shape = z.object({ tokens: z.array(token) });
    return show(listed, { shape, json, text: ({ tokens }) => tableText(tokens, COLUMNS, "no API tokens") });
  },
});

const tokensCreate = apiCommand({
  words: ["tokens", "create"],
  positionals: ["DESCRIPTION"],
  options: {
    scope: { type: "string", multiple: true },
    namespace: { type: "string", multiple: true },
    user: { type: "string" },
    "expires-in": { type: "string" },
    json: { type: "boolean" },
  },
  usage: "--scope S… [--namespace N…] [--user N] [--expires-in SECONDS] [--json]",
  summary: "creates an API token, and prints it once",
  description:
    "Creates an API token with these scopes (--scope may stand several times), bound to these namespaces; without\n--namespace to all, which is for super:user and readers. --user names the namespace that /api/v1/user stands for. It\nlives for 90 days unless --expires-in says otherwise. Prints the token, once.",
  example: 'berth tokens create "applies rules" --scope rules:write --namespace acme',
  async run(api, { values, positionals: [description = ""] }) {
    const names = listOption(values, "namespace");
    const user = textOption(values, "user");
    const expiresIn = wholeOption(values, "expires-in");
    const body = {
      description,
      scopes: listOption(values, "scope"),
      namespaces: names.length === 0 ? "all" : names,
      ...(user === undefined ? {} : { user }),
      ...(expiresIn === undefined ? {} : { expires_in: expiresIn }),
    };
    const made = await api.call("POST", "/tokens", { body });
    return showSecret(made, {
      shape: token.extend({ token: z.string() }),
      json: values.json,
      secret: (created) => created.token,
      note: ({ id, expires_at }) => `API token ${id} until ${timeText(expires_at)}; it is not shown again`,
    });
  },
});

const tokensRevoke = apiCommand({
  words: ["tokens", "revoke"],
  positionals: ["ID"],
  options: {},
  usage: "",
  summary: "revokes an API token",
  description:
    "Revokes the API token of that id: for super:user any, for others their own and those that they created. `berth\ncredentials revoke -` takes the token itself.",
  example: "berth tokens revoke 00112233445566778899aabbccddeeff",
  async run(api, { positionals: [id = ""] }) {
    return showDone(await api.call("DELETE", apiPath`/tokens/${id}`), `API token ${id}: revoked`);
  },
});

const tokensSelf = apiCommand({
  words: ["tokens", "self"],
  positionals: [],
  options: { json: { type: "boolean" } },
  usage: "[--json]",
  summary: "says what the API token that is shown may do",
  description:
    "Says under which name the audit record has what you change, what your API token may do, where, and until when.",
  example: "berth tokens self",
  async run(api, { values: { json } }) {
    const text = (shown: z.output<typeof caller>) => recordText(shown, CALLER_COLUMNS);
    return show(await api.call("GET", "/tokens/self"), { shape: caller, json, text });
  },
});

export const TOKEN_COMMANDS: readonly Command[] = [tokensList, tokensCreate, tokensRevoke, tokensSelf];
