import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseDeclaration } from "../config/declaration-file.ts";
import { formatProblem, type Problem } from "../config/problem.ts";
import type { Declaration } from "../domain/accounts/declaration.ts";
import { ConfigurationError } from "./configuration-error.ts";

interface ReadDeclaration {
  readonly declaration: Declaration;
  /** What could be better in it, each as `file:line:column: path: message`. */
  readonly warnings: readonly string[];
}

/** Reads a declaration file; throws ConfigurationError with every problem as `file:line:column: path: message`. */
export function readDeclaration(file: string, publicUrl: string): ReadDeclaration {
  const parsed = parseDeclaration(readText(file), {
    defaults: { publicUrl },
    readFile: (path) => readFileSync(resolve(dirname(file), path), "utf8"),
  });
  const format = (problem: Problem) => formatProblem(file, problem);
  if (!parsed.ok) throw new ConfigurationError(parsed.error.map(format));
  return { declaration: parsed.value, warnings: parsed.warnings.map(format) };
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new ConfigurationError([`${file}: cannot be read`]);
  }
}
