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
    if (TF_BUILD?.toLowerCase() === "true") console.note(`##vso[task.setvariable variable=${name}]${value}`);
    console.out(value === "" ? `unset ${name}` : `export ${name}=${shellQuoted(value)}`);
  }
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
