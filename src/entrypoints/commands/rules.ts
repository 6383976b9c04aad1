import * as z from "zod";
import { apiCommand } from "./api-command.ts";
import { apiPath, robotPath } from "./api-path.ts";
import { findingSchema, findingText, type ShownFinding } from "./api-refusal.ts";
import type { Command } from "./command.ts";
import { readContent } from "./file-content.ts";
import { textOption } from "./options.ts";
import { show, showDone } from "./show.ts";
import { type Column, tableText } from "./table.ts";
import { yamlText } from "./yaml-text.ts";

const rule = z.looseObject({
  issuer: z.string(),
  subject: z.string(),
  ttl_seconds: z.int(),
  enabled: z.boolean(),
  description: z.string(),
});
const warnings = z.array(findingSchema);
const savedRule = z.object({ id: z.string(), rule });
const ruleAnswer = savedRule.extend({ warnings });
const verdict = z.object({ accepted: z.boolean(), findings: z.array(findingSchema) });
/** Rules in the order in which an exchange tries them. */
export const ruleList = z.object({ rules: z.array(savedRule), warnings });

const COLUMNS: readonly Column<z.output<typeof savedRule> & { at: number }>[] = [
  ["#", ({ at }) => at],
  ["id", ({ id }) => id],
  ["enabled", ({ rule: { enabled } }) => (enabled ? "yes" : "no")],
  ["seconds", ({ rule: { ttl_seconds } }) => ttl_seconds],
  ["subject", ({ rule: { subject } }) => subject],
  ["issuer", ({ rule: { issuer } }) => issuer],
  ["description", ({ rule: { description } }) => description],
];

export function ruleListText({ rules, warnings: found }: z.output<typeof ruleList>): string {
  const numbered = rules.map((saved, at) => ({ ...saved, at: at + 1 }));
  return [tableText(numbered, COLUMNS, "no rules"), ...found.map(findingText)].join("\n");
}

function savedText(id: string, word: string, found: readonly ShownFinding[]): string {
  return [`rule ${id}: ${word}`, ...found.map(findingText)].join("\n");
}

const FILE =
  "FILE (- is standard input) holds one rule in YAML or JSON, in the form that an entry of a declaration file's `rules` has.";

const rulesList = apiCommand({
  words: ["rules", "list"],
  positionals: ["ROBOT"],
  options: { json: { type: "boolean" } },
  usage: "[--json]",
  summary: "lists the federation rules of a robot account",
  description:
    "Lists the rules of ROBOT in the order in which an exchange tries them: the first that matches decides. What the linter\nsays of them stands below.",
  example: "berth rules list acme+builder",
  async run(api, { values: { json }, positionals: [robot] }) {
    const listed = await api.call("GET", `${robotPath(robot)}/rules`);
    return show(listed, { shape: ruleList, json, text: ruleListText });
  },
});

const rulesShow = apiCommand({
  words: ["rules", "show"],
  positionals: ["ROBOT", "RULE"],
  options: { json: { type: "boolean" } },
  usage: "[--json]",
  summary: "shows a rule, as a file would have it",
  description: "Shows the rule of that id in YAML, as `berth rules edit` takes it back.",
  example: "berth rules show acme+builder q83vEjRWeJCrze8SNFZ4kA > rule.yaml",
  async run(api, { values: { json }, positionals: [robot, id = ""] }) {
    const found = await api.call("GET", `${robotPath(robot)}/rules${apiPath`/${id}`}`);
    return show(found, {
      shape: ruleAnswer,
      json,
      text: (shown) =>
        [...shown.warnings.map((found) => `# ${findingText(found)}`), yamlText(shown.rule)].join("\n"),
    });
  },
});

const rulesAdd = apiCommand({
  words: ["rules", "add"],
  positionals: ["ROBOT", "FILE"],
  options: { before: { type: "string" }, json: { type: "boolean" } },
  usage: "[--before RULE] [--json]",
  summary: "adds a federation rule from a file",
  description: `${FILE}\nIt is the last one, or stands before the rule that --before names. Says its id, and what the linter says.`,
  example: "berth rules add acme+builder rule.yaml",
  async run(api, { values, positionals: [robot, file = ""] }) {
    const path = `${robotPath(robot)}/rules`;
    const { data, jsonOf } = readContent(file);
    const query = { before: textOption(values, "before") };
    const made = await api.call("POST", path, { query, bodyText: jsonOf(data) });
    return show(made, {
      shape: ruleAnswer,
      json: values.json,
      text: (saved) => savedText(saved.id, "added", saved.warnings),
    });
  },
});

const rulesEdit = apiCommand({
  words: ["rules", "edit"],
  positionals: ["ROBOT", "RULE", "FILE"],
  options: { json: { type: "boolean" } },
  usage: "[--json]",
  summary: "writes a rule anew from a file",
  description: `${FILE}\nWhat was earned by the rule is dead if it asks or grants something else than before.`,
  example: "berth rules edit acme+builder q83vEjRWeJCrze8SNFZ4kA rule.yaml",
  async run(api, { values, positionals: [robot, id = "", file = ""] }) {
    const path = `${robotPath(robot)}/rules${apiPath`/${id}`}`;
    const { data, jsonOf } = readContent(file);
    const saved = await api.call("PUT", path, { bodyText: jsonOf(data) });
    return show(saved, {
      shape: ruleAnswer,
      json: values.json,
      text: ({ warnings: found }) => savedText(id, "written", found),
    });
  },
});

const rulesRemove = apiCommand({
  words: ["rules", "remove"],
  positionals: ["ROBOT", "RULE"],
  options: {},
  usage: "",
  summary: "removes a rule, and ends what it earned",
  description: "Removes the rule of that id: what was earned by it is dead.",
  example: "berth rules remove acme+builder q83vEjRWeJCrze8SNFZ4kA",
  async run(api, { positionals: [robot, id = ""] }) {
    const removed = await api.call("DELETE", `${robotPath(robot)}/rules${apiPath`/${id}`}`);
    return showDone(removed, `rule ${id}: removed`);
  },
});

function rulesSwitch(word: "enable" | "disable"): Command {
  const enabled = word === "enable";
  return apiCommand({
    words: ["rules", word],
    positionals: ["ROBOT", "RULE"],
    options: {},
    usage: "",
    summary: enabled ? "enables a rule again" : "disables a rule, and ends what it earned",
    description: enabled
      ? "Lets the rule of that id match again."
      : "Lets the rule of that id match no longer, and ends what was earned by it. Also for one that a file manages.",
    example: `berth rules ${word} acme+builder q83vEjRWeJCrze8SNFZ4kA`,
    async run(api, { positionals: [robot, id = ""] }) {
      const path = `${robotPath(robot)}/rules${apiPath`/${id}`}`;
      return showDone(await api.call("PATCH", path, { body: { enabled } }), `rule ${id}: ${word}d`);
    },
  });
}

const rulesLint = apiCommand({
  words: ["rules", "lint"],
  positionals: ["ROBOT", "FILE"],
  options: { before: { type: "string" }, replaces: { type: "string" }, json: { type: "boolean" } },
  usage: "[--before RULE | --replaces RULE] [--json]",
  summary: "says what the linter would say of a rule",
  description: `${FILE}\nWrites nothing. Exit code 0: it would be saved; 1: it would be refused.`,
  example: "berth rules lint acme+builder rule.yaml",
  async run(api, { values, positionals: [robot, file = ""] }) {
    const path = `${robotPath(robot)}/rules/lint`;
    const { data, jsonOf } = readContent(file);
    const query = { before: textOption(values, "before"), replaces: textOption(values, "replaces") };
    const judged = await api.call("POST", path, { query, bodyText: jsonOf(data) });
    return show(judged, {
      shape: verdict,
      json: values.json,
      text: verdictText,
      exit: ({ accepted }) => (accepted ? 0 : 1),
    });
  },
});

function verdictText({ accepted, findings }: z.output<typeof verdict>): string {
  return [accepted ? "it would be saved" : "it would be refused", ...findings.map(findingText)].join("\n");
}

export const RULE_COMMANDS: readonly Command[] = [
  rulesList,
  rulesShow,
  rulesAdd,
  rulesEdit,
  rulesRemove,
  rulesSwitch("enable"),
  rulesSwitch("disable"),
  rulesLint,
];
