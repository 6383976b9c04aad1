import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** A page's example: its language and its text. */
export interface Snippet {
  readonly language: string;
  readonly text: string;
}

/** What a snippet has its platform run: shell scripts in order, each in a shell of its own, and variables for them. */
export interface SnippetJob {
  readonly scripts: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

/** The examples of a page, named from the repository's root, by the heading that they stand under. */
export function snippetsOf(page: string): ReadonlyMap<string, readonly Snippet[]> {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), "utf8");
  const sections = text.split(/^## /m).slice(1);
  return new Map(sections.map((section) => [section.slice(0, section.indexOf("\n")), fencesIn(section)]));
}

/** The examples of a whole page. */
export function fencesOf(page: string): readonly Snippet[] {
  return fencesIn(readFileSync(new URL(`../../${page}`, import.meta.url), "utf8"));
}

function fencesIn(text: string): readonly Snippet[] {
  const fences = text.matchAll(/^```(\w+)\n(.*?)^```$/gms);
  return [...fences].map(([, language = "", body = ""]) => ({ language, text: body }));
}

/** Keys whose value is shell, one text or lines that share a shell. */
const SHELL_KEYS = [
  ...["run", "command", "commands", "script", "after-script"],
  ...["before_init", "after_run", "args", "installCommand"],
];
const VARIABLE_KEYS = ["env", "environment", "env_vars"];
/** Words of a snippet that its platform fills in or takes out before a shell sees them. */
const FILLED_IN: readonly (readonly [RegExp, string])[] = [
  [/\$\$/g, "$"],
  [/\$\(Build\.SourceVersion\)/g, "$COMMIT_SHA"],
];

/** Finds the shell in a snippet of any of these platforms' configuration languages. */
export function jobOf({ language, text }: Snippet): SnippetJob {
  if (language === "groovy") return { scripts: [cut(text, "sh '''", "'''")], variables: {} };
  if (language === "hcl") return { scripts: [cut(text, "<<-EOT", "EOT")], variables: {} };
  if (language === "sh" || language === "bash") return { scripts: [text], variables: {} };
  const scripts: string[] = [];
  const variables: Record<string, string> = {};
  collect(parse(text), scripts, variables);
  return { scripts: scripts.map(filledIn), variables };
}

function cut(text: string, from: string, to: string): string {
  const begin = text.indexOf(from) + from.length;
  return text.slice(begin, text.indexOf(to, begin));
}

function collect(node: unknown, scripts: string[], variables: Record<string, string>): void {
  if (typeof node !== "object" || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    const shell = SHELL_KEYS.includes(key) ? shellIn(value) : undefined;
    if (shell !== undefined) scripts.push(shell);
    else if (VARIABLE_KEYS.includes(key)) Object.assign(variables, variablesIn(value));
    else collect(value, scripts, variables);
  }
}

/** Undefined where it is not shell but holds some: CircleCI's `run: { command }`, a pod's `command: [sh, -ec]`. */
function shellIn(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return undefined;
  const lines = value.map(String).filter((line) => !/^(?:sh|-ec)$/.test(line));
  return lines.length === 0 ? undefined : lines.join("\n");
}

/** A mapping, or Semaphore's list of `name` and `value`. What the platform fills in is the platform's. */
function variablesIn(value: unknown): Record<string, string> {
  const pairs = Array.isArray(value)
    ? value.map(({ name, value: text }: { name: string; value: string }) => [name, text] as const)
    : Object.entries(value as Record<string, string>);
  return Object.fromEntries(pairs.filter(([, text]) => !text.startsWith("$(")));
}

function filledIn(script: string): string {
  return FILLED_IN.reduce((text, [pattern, by]) => text.replace(pattern, by), script);
}
