/** A test that claims an attack, as it stands in its file. */
export interface AttackClaim {
  readonly number: number;
  readonly file: string;
  /** The titles of the test and of the group around it, as written. */
  readonly title: string;
}

const TAG = /^( *)\/\/ attack (\d+(?:, \d+)*)$/;

/**
 * The claims of one test file: a comment `attack N` or `attack N, M` by itself on the line before `it`, `it.each` or
 * `describe`. Throws for a tag above anything else, which would claim what nothing tests.
 */
export function claimsIn(file: string, text: string): readonly AttackClaim[] {
  const lines = text.split("\n");
  return lines.flatMap((line, at) => {
    const [, indent = "", numbers = ""] = TAG.exec(line) ?? [];
    if (numbers === "") return [];
    const test = titleAt(lines, at + 1, indent);
    if (test === undefined) throw new Error(`${file}:${at + 1}: no test stands under this tag`);
    const around = groupAround(lines, at, indent);
    const title = around === undefined ? test : `${around}: ${test}`;
    return numbers.split(", ").map((number) => ({ number: Number(number), file, title }));
  });
}

const CALL = /^(?:it|describe)(?:\.\w+)*(?:<|\()/;

/** The title of the test or group that begins at line `at`; of a table, what stands behind it. */
function titleAt(lines: readonly string[], at: number, indent: string): string | undefined {
  const first = lines[at] ?? "";
  if (!first.startsWith(indent) || !CALL.test(first.slice(indent.length))) return undefined;
  const plain = /^(?:it|describe)\(\s*(["'`])(.*?)\1/s.exec(block(lines, at, indent, 2));
  if (plain) return plain[2];
  const end = lines.findIndex(
    (line, index) => index >= at && line.startsWith(indent) && closesTable(line, indent),
  );
  if (end === -1) return undefined;
  return /\)\(\s*(["'`])(.*?)\1/s.exec(block(lines, end, indent, 2))?.[2];
}

/** `])(…`, `)(…`, or a whole table on one line. */
function closesTable(line: string, indent: string): boolean {
  return /^(?:\]?\)\(|\w.*\)\($|\w.*\)\(["'`])/.test(line.slice(indent.length));
}

function block(lines: readonly string[], at: number, indent: string, count: number): string {
  return lines
    .slice(at, at + count)
    .join("\n")
    .slice(indent.length);
}

function groupAround(lines: readonly string[], at: number, indent: string): string | undefined {
  if (indent === "") return undefined;
  const outer = indent.slice(2);
  for (let line = at - 1; line >= 0; line -= 1) {
    if (lines[line]?.startsWith(`${outer}describe`)) return titleAt(lines, line, outer);
  }
  return undefined;
}
