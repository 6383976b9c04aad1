import * as z from "zod";
import { declarationSchema } from "./declaration-schema.ts";
import { settingsSchema } from "./settings.ts";

type Schema = z.core.JSONSchema.BaseSchema;

const LIST = new Intl.ListFormat("en");

/** docs/configuration.md, made from the schemas that read the settings and the declaration file. */
export function configurationPage(example: string): string {
  const settings = z.toJSONSchema(settingsSchema, { io: "input" });
  const declaration = z.toJSONSchema(declarationSchema, { io: "input" });
  return `${[
    "# Configuration",
    "Made by `npm run docs` from `src/config`; a change by hand is lost.",
    "## Environment variables",
    "A variable that is empty is not set. All problems are told at once when Berth starts, by name, never by value; an unknown `BERTH_…` variable is one.",
    settingsTable(settings),
    `${LIST.format(secrets(settings))} may come from a file: set the variable of the same name with \`_FILE\` at its end to the file's path.`,
    "## The declaration file",
    "Who may act as which robot account, in YAML or JSON: one document of at most 8 MiB, without anchors, aliases or tags. `BERTH_FILE` names it, or a folder whose `*.yaml`, `*.yml` and `*.json` are read as one file, and `berth check FILE` tells all problems with line and column. It is applied at start when its content is new; to a server that runs, [declarations.md](declarations.md) tells how. Editors read its form from [schema/berth.schema.json](schema/berth.schema.json), as its first line says. Objects that it no longer holds are removed; objects that were made in another way are left alone, and one of the same name is a conflict that stops the start.",
    `\`\`\`yaml\n${example.trim()}\n\`\`\``,
    ...fieldSections("", declaration),
  ].join("\n\n")}\n`;
}

function settingsTable(schema: Schema): string {
  const rows = properties(schema).map(([name, setting]) => [
    code(name),
    text(setting.description),
    presence(setting, schema.required?.includes(name)),
    setting.enum ? choices(setting) : text(setting.limits),
  ]);
  return table(["Variable", "Meaning", "Default", "Values"], rows);
}

function secrets(schema: Schema): readonly string[] {
  return properties(schema).flatMap(([name, setting]) => (setting.secret === true ? [code(name)] : []));
}

/** A table for each mapping, from the outermost in; one that stands in two places is told once. */
function fieldSections(path: string, schema: Schema, told = new Map<string, string>()): readonly string[] {
  const fields = properties(schema);
  const rows = fields.map(([name, field]) => [
    code(name),
    typeOf(field),
    presence(field, schema.required?.includes(name)),
    text(field.description),
  ]);
  const fieldTable = table(["Field", "Type", "Default", "Meaning"], rows);
  const title = path === "" ? "### The file" : `### ${code(path)}`;
  const before = told.get(fieldTable);
  if (before !== undefined) return [title, `As ${code(before)}.`];
  told.set(fieldTable, path);
  const inner = fields.flatMap(([name, field]) => {
    const items = entriesOf(field);
    return items === undefined ? [] : fieldSections(`${path}${path && "."}${name}[]`, items, told);
  });
  return [title, fieldTable, ...inner];
}

/** Of a list of mappings with fixed fields: the mapping. */
function entriesOf({ items }: Schema): Schema | undefined {
  if (typeof items !== "object" || Array.isArray(items)) return undefined;
  return items.properties !== undefined && items.additionalProperties === false ? items : undefined;
}

function typeOf(schema: Schema): string {
  if (schema.enum) return choices(schema);
  if (schema.type === "integer") return range(schema);
  if (schema.type === "boolean") return "true or false";
  if (schema.type === "object") return "mapping";
  if (schema.type !== "array") return "text";
  const { items } = schema;
  if (typeof items !== "object" || Array.isArray(items)) return "list";
  return items.enum
    ? `list of ${choices(items)}`
    : `list of ${items.type === "object" ? "mappings" : "texts"}`;
}

function range({ minimum, maximum }: Schema): string {
  return maximum === Number.MAX_SAFE_INTEGER
    ? `whole number of at least ${minimum}`
    : `${minimum} to ${maximum}`;
}

function choices({ enum: values = [] }: Schema): string {
  return values.map((value) => code(String(value))).join(", ");
}

function presence(schema: Schema, required: boolean | undefined): string {
  if (required) return "required";
  if (schema.default === undefined) return "";
  const value = schema.default;
  return code(typeof value === "string" ? value || '""' : JSON.stringify(value));
}

function properties(schema: Schema): readonly [string, Schema][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    typeof property === "object" ? [[name, property] as [string, Schema]] : [],
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function code(value: string): string {
  return `\`${value}\``;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
