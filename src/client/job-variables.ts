import { appendFileSync } from "node:fs";
import { fileCommand } from "./file-command.ts";
import type { ClientContext } from "./job-console.ts";

/**
 * Sets variables for what follows in the job. No program can set them for the shell that started it, so they are
 * printed for it to evaluate; for the steps after this one GitHub has a file, and Azure a command.
 */
export function exportVariables(
  { environment, console }: ClientContext,
  exported: Readonly<Record<string, string>>,
): void {
  const { GITHUB_ENV, TF_BUILD } = environment.variables;
  for (const [name, value] of Object.entries(exported)) {
    if (GITHUB_ENV) appendFileSync(GITHUB_ENV, fileCommand(name, value));
    if (TF_BUILD?.toLowerCase() === "true") console.note(azureCommand(name, value));
    console.out(value === "" ? `unset ${name}` : `export ${name}=${shellQuoted(value)}`);
  }
}

/** A line break in the value would end the command, and what follows could be another. */
function azureCommand(name: string, value: string): string {
  return `##vso[task.setvariable variable=${name}]${value.replaceAll("\r", "%0D").replaceAll("\n", "%0A")}`;
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
