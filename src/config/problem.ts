import type { RobotName } from "../domain/access/names.ts";

/** A way into a declaration: field names and list positions. */
export type Path = readonly PropertyKey[];

/** Something wrong with a declaration file: where, and a sentence with the mend. */
export interface Problem {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** `namespaces[0].robots[1].name`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

/** A problem of one of a declaration's files. */
export interface FileProblem extends Problem {
  readonly file: string;
}

/** What could be better about a rule of this robot. */
export interface RuleWarning extends FileProblem {
  readonly robot: RobotName;
}

/** `berth.yaml:12:7: issuers[0].url: must be …`, which editors and CI platforms can jump to. */
export function formatProblem(fileName: string, { line, column, path, message }: Problem): string {
  return `${fileName}:${line}:${column}: ${path === "" ? "" : `${path}: `}${message}`;
}

/** A field's name is the author's text: what could move a terminal's cursor or begin a line stands as its code point. */
export function formatPath(path: Path): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .replace(/^\./, "")
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** Takes a finding at a place of the declaration. */
export type Report = (path: Path, message: string) => void;
