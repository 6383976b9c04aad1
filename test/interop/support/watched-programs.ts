import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "../../support/find-server.ts";

/** The folder of a job's PATH, and what its programs were called with. */
export interface WatchedPrograms {
  readonly path: string;
  /** Every program with its arguments, a call a line. */
  calls(): string;
  /** What lay in a program's working folder and was open to others than its owner, as `-rw-r--r-- form`. */
  openFiles(): readonly string[];
}

/**
 * A PATH that holds `programs` and nothing else. Each notes its arguments, which any user of the machine could see,
 * and the modes of what lies in its working folder; then it is the program that it stands for.
 */
export function watchPrograms(folder: string, programs: Readonly<Record<string, string>>): WatchedPrograms {
  const path = join(folder, "bin");
  const calls = join(folder, "calls");
  const modes = join(folder, "modes");
  mkdirSync(path);
  const stat = findProgram("stat");
  for (const [name, command] of Object.entries(programs)) {
    const file = join(path, name);
    const watch = `echo ${name} "$@" >>${calls}\n${stat} -c '%A %n' * >>${modes} 2>/dev/null`;
    writeFileSync(file, `#!/bin/sh\n${watch}\n${command}\n`);
    chmodSync(file, 0o755);
  }
  return {
    path,
    calls: () => textOf(calls),
    openFiles: () =>
      textOf(modes)
        .split("\n")
        .filter((line) => /^[-d].{3}(?!------)/.test(line)),
  };
}

/** Programs of this machine by their names, as `watchPrograms` takes them. */
export function programsOfMachine(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, `exec ${findProgram(name) ?? name} "$@"`]));
}

/** Applets of busybox, by its full path. */
export function applets(busybox: string, ...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, `exec ${busybox} ${name} "$@"`]));
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
