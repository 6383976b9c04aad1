import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseDeclaration } from "../config/declaration-file.ts";
import { formatProblem } from "../config/problem.ts";
import type { Declaration } from "../domain/accounts/declaration.ts";
import { ConfigurationError } from "./configuration-error.ts";

/** Reads a declaration file; throws ConfigurationError with every problem as `file:line:column: path: message`. */
export function readDeclaration(file: string, publicUrl: string): Declaration {
  const declaration = parseDeclaration(readText(file), {
    defaults: { publicUrl },
    readFile: (path) => readFileSync(resolve(dirname(file), path), "utf8"),
  });
  if (declaration.ok) return declaration.value;
  throw new ConfigurationError(declaration.error.map((problem) => formatProblem(file, problem)));
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new ConfigurationError([`${file}: cannot be read`]);
  }
}
