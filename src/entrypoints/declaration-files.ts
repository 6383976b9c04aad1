import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { DeclarationFile } from "../config/declaration-source.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { STANDARD } from "./private-file.ts";

const DECLARATION = /\.(?:ya?ml|json)$/;

/**
 * The files that make one declaration: each path itself, and of a folder its *.yaml, *.yml and *.json by their names,
 * not deeper and none that is hidden. `-` is standard input. Throws ConfigurationError for what cannot be read, and
 * for a folder that holds none: an empty declaration would remove all that one before it brought.
 */
export function declarationFiles(paths: readonly string[]): readonly DeclarationFile[] {
  return paths.flatMap((path) => (isFolder(path) ? filesIn(path) : [path])).map(readDeclarationFile);
}

function isFolder(path: string): boolean {
  return path !== STANDARD && (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
}

function filesIn(folder: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => DECLARATION.test(name) && !name.startsWith("."));
  const files = names
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => !isFolder(path));
  if (files.length === 0) throw new ConfigurationError([`${folder}: holds no *.yaml, *.yml or *.json file`]);
  return files;
}

function readDeclarationFile(name: string): DeclarationFile {
  return {
    name,
    text: readText(name),
    readFile: (path) => readFileSync(resolve(dirname(name), path), "utf8"),
  };
}

function readText(name: string): string {
  try {
    return readFileSync(name === STANDARD ? process.stdin.fd : name, "utf8");
  } catch {
    throw new ConfigurationError([`${name}: cannot be read`]);
  }
}
