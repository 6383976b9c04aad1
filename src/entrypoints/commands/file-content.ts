import { readFileSync } from "node:fs";
import { formatProblem } from "../../config/problem.ts";
import { readYaml, type YamlSource } from "../../config/yaml-source.ts";
import { ConfigurationError } from "../configuration-error.ts";

const STANDARD_INPUT = 0;
/** RFC 8259 §6. */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** What a file says in YAML or JSON. */
export interface FileContent {
  readonly data: Readonly<Record<string, unknown>>;
  /** `data`, or what was made from it, as JSON: a number by the digits that stand in the file. */
  jsonOf(data: Readonly<Record<string, unknown>>): string;
}

/**
 * The content of `file`, `-` being standard input, read as strictly as a declaration file is. Throws
 * ConfigurationError with all that is wrong with it.
 */
export function readContent(file: string): FileContent {
  const source = readYaml(readText(file));
  if (!source.ok) throw new ConfigurationError(source.error.map((problem) => formatProblem(file, problem)));
  const { data } = source.value;
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new ConfigurationError([`${file}: must hold one mapping`]);
  }
  return {
    data: data as Readonly<Record<string, unknown>>,
    jsonOf: (content) => jsonText(content, [], { file, source: source.value }),
  };
}

/** The text of `file`, `-` being standard input. Throws ConfigurationError where there is none. */
export function readText(file: string): string {
  try {
    return readFileSync(file === "-" ? STANDARD_INPUT : file, "utf8");
  } catch {
    throw new ConfigurationError([`${file}: cannot be read`]);
  }
}

interface Place {
  readonly file: string;
  readonly source: YamlSource;
}

function jsonText(value: unknown, path: readonly (string | number)[], place: Place): string {
  if (typeof value === "number") return digits(value, path, place);
  if (Array.isArray(value))
    return `[${value.map((item, at) => jsonText(item, [...path, at], place)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, inner]) => `${JSON.stringify(name)}:${jsonText(inner, [...path, name], place)}`,
  );
  return `{${members.join(",")}}`;
}

/** A claim's number is compared by its digits, of which parsing loses those behind the sixteenth. */
function digits(value: number, path: readonly (string | number)[], { file, source }: Place): string {
  const written = source.digitsAt(path) ?? String(value);
  if (JSON_NUMBER.test(written)) return written;
  const problem = source.problemAt(path, "is not a number as JSON writes it; put it in quotes");
  throw new ConfigurationError([formatProblem(file, problem)]);
}
