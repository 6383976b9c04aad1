import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLError,
} from "yaml";
import { err, ok, type Result } from "../domain/result.ts";
import { formatPath, type Path, type Problem } from "./problem.ts";

/** A YAML document as plain data, and where in the text each part of it stands. */
export interface YamlSource {
  readonly data: unknown;
  /** A problem of the value at `path`, or of what is left of the path where it ends early. */
  problemAt(path: Path, message: string): Problem;
  /** A problem of the field name at the end of `path`. */
  problemAtName(path: Path, message: string): Problem;
  /** A number as it is written: parsing loses digits of a large one. Undefined where no number stands. */
  digitsAt(path: Path): string | undefined;
}

/** Far above a thousand namespaces of ten robots. */
const MAX_BYTES = 8 * 1024 * 1024;

/** The codes of `yaml` that an author is likely to meet; the others are all "not valid YAML". */
const SENTENCES: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: "this field stands twice",
  MULTIPLE_DOCS: "the file must hold one document",
  NON_STRING_KEY: "a field name must be text",
  TAB_AS_INDENT: "tabs cannot indent; use spaces",
  RESOURCE_EXHAUSTION: "is nested too deeply",
};

/**
 * Strict YAML 1.2, of which JSON is a part: one document, no field twice, no anchors, aliases, tags or
 * directives, so that what is read is what is written, and nothing small unfolds into something large.
 */
export function readYaml(text: string): Result<YamlSource, readonly Problem[]> {
  const whole = (message: string) => err([{ line: 1, column: 1, path: "", message }]);
  if (new TextEncoder().encode(text).byteLength > MAX_BYTES) return whole("is larger than 8 MiB");
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    schema: "core",
    stringKeys: true,
  });
  if (document.directives?.yaml.explicit)
    return whole("directives are not allowed; begin with the first field");
  if (document.contents === null) return whole("is empty");
  const parts = [...walk({ path: [], node: document.contents })];
  const source = new ParsedSource(document.contents, lines);
  const problems = [
    ...firstOfEach(document.errors.map((error) => syntaxProblem(error, parts, source))),
    ...parts.flatMap((part) => partProblem(part, source)),
  ];
  return problems.length > 0 ? err(problems) : ok(source);
}

/** A node, and the name of the field that it is the value of. */
interface Part {
  readonly path: Path;
  readonly node: Node;
  readonly name?: Node;
}

function* walk(part: Part): Iterable<Part> {
  yield part;
  for (const child of children(part)) yield* walk(child);
}

function children({ node, path }: Part): readonly Part[] {
  if (isSeq(node)) {
    return node.items.flatMap((item, at) => (isNode(item) ? [{ path: [...path, at], node: item }] : []));
  }
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }) =>
    isScalar(key) && isNode(value) ? [{ path: [...path, String(key.value)], node: value, name: key }] : [],
  );
}

function syntaxProblem(error: YAMLError, parts: readonly Part[], source: ParsedSource): Problem {
  const [offset] = error.pos;
  const path = parts.find(({ name }) => name?.range?.[0] === offset)?.path ?? [];
  return source.problem(offset, path, SENTENCES[error.code] ?? `is not valid YAML (${error.code})`);
}

/** One fault of syntax is often followed by a thousand of its kind. */
function firstOfEach(problems: readonly Problem[]): readonly Problem[] {
  return [...Map.groupBy(problems, ({ path, message }) => `${path} ${message}`).values()].flatMap(
    ([first]) => (first === undefined ? [] : [first]),
  );
}

function partProblem({ path, node, name }: Part, source: ParsedSource): readonly Problem[] {
  const at = (place: Node, message: string) => [source.problem(startOf(place), path, message)];
  // zod leaves a member of this name out without a word: a rule would lose a condition.
  if (name !== undefined && path.at(-1) === "__proto__") return at(name, "is not a field");
  if (isAlias(node) || node.anchor !== undefined) return at(node, "anchors and aliases are not allowed");
  if (node.tag !== undefined) return at(node, "tags are not allowed; put text in quotes");
  if (isScalar(node) && typeof node.value === "string" && !node.value.isWellFormed()) {
    return at(node, "holds half of a character");
  }
  return [];
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

class ParsedSource implements YamlSource {
  readonly data: unknown;
  readonly #contents: Node;
  readonly #lines: LineCounter;

  constructor(contents: Node, lines: LineCounter) {
    this.#contents = contents;
    this.#lines = lines;
    this.data = plain(contents);
  }

  problem(offset: number, path: Path, message: string): Problem {
    const { line, col } = this.#lines.linePos(offset);
    return { line, column: col, path: formatPath(path), message };
  }

  problemAt(path: Path, message: string): Problem {
    return this.problem(startOf(this.#descend(path)), path, message);
  }

  problemAtName(path: Path, message: string): Problem {
    const around = this.#descend(path.slice(0, -1));
    const pair = isMap(around) ? around.items.find((item) => nameOf(item.key) === path.at(-1)) : undefined;
    return this.problem(startOf(isNode(pair?.key) ? pair.key : around), path, message);
  }

  digitsAt(path: Path): string | undefined {
    const node = this.#descend(path);
    return isScalar(node) && typeof node.value === "number" ? node.source : undefined;
  }

  #descend(path: Path): Node {
    let node = this.#contents;
    for (const step of path) {
      const child = isMap(node) || isSeq(node) ? node.get(step, true) : undefined;
      if (!isNode(child)) return node;
      node = child;
    }
    return node;
  }
}

function nameOf(key: unknown): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}

function plain(node: unknown): unknown {
  if (isMap(node)) return Object.fromEntries(node.items.map(({ key, value }) => [nameOf(key), plain(value)]));
  if (isSeq(node)) return node.items.map(plain);
  return isScalar(node) ? node.value : null;
}
