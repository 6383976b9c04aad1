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

/** `berth.yaml:12:7: issuers[0].url: must be …`, which editors and CI platforms can jump to. */
export function formatProblem(fileName: string, { line, column, path, message }: Problem): string {
  return `${fileName}:${line}:${column}: ${path === "" ? "" : `${path}: `}${message}`;
}

export function formatPath(path: Path): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .replace(/^\./, "");
}

/** Takes a finding at a place of the declaration. */
export type Report = (path: Path, message: string) => void;
