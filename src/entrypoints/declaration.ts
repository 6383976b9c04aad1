import { parseDeclaration } from "../config/declaration-file.ts";
import { type FileProblem, formatProblem } from "../config/problem.ts";
import type { Declaration } from "../domain/accounts/declaration.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { declarationFiles } from "./declaration-files.ts";

interface ReadDeclaration {
  readonly declaration: Declaration;
  /** What could be better in it, each as `file:line:column: path: message`. */
  readonly warnings: readonly string[];
}

/**
 * Reads a declaration file, or the files of a folder as one; throws ConfigurationError with every problem as
 * `file:line:column: path: message`.
 */
export function readDeclaration(path: string, publicUrl: string): ReadDeclaration {
  const parsed = parseDeclaration(declarationFiles([path]), { defaults: { publicUrl } });
  const format = (problem: FileProblem) => formatProblem(problem.file, problem);
  if (!parsed.ok) throw new ConfigurationError(parsed.error.map(format));
  return { declaration: parsed.value, warnings: parsed.warnings.map(format) };
}
