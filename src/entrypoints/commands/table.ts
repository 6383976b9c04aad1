import { plain } from "./plain-text.ts";

/** A column: its title, and what a row says in it; undefined: nothing. */
export type Column<Row> = readonly [title: string, cell: (row: Row) => string | number | undefined];

/** A longer cell pushes its own row aside, not the whole column. Nothing is cut off: it may be what is looked for. */
const MAX_WIDTH = 48;
const GAP = "  ";
const NOTHING = "-";

/** Rows in aligned columns, with titles; `none` where there are no rows. */
export function tableText<Row>(rows: readonly Row[], columns: readonly Column<Row>[], none: string): string {
  if (rows.length === 0) return none;
  const titles = columns.map(([title]) => title.toUpperCase());
  const lines = [titles, ...rows.map((row) => columns.map(([, cell]) => cellText(cell(row))))];
  const widths = columns.map((_, at) => widest(lines.map((line) => line[at] ?? "")));
  return lines.map((line) => aligned(line, widths)).join("\n");
}

/** One object: a line for each column. */
export function recordText<Row>(row: Row, columns: readonly Column<Row>[]): string {
  const width = Math.max(...columns.map(([title]) => title.length)) + 1;
  return columns.map(([title, cell]) => `${`${title}:`.padEnd(width)} ${cellText(cell(row))}`).join("\n");
}

/** A time of the API, without the thousandths. */
export function timeText(time: string | null | undefined): string | undefined {
  return time?.replace(/\.\d+Z$/, "Z");
}

function cellText(value: string | number | undefined): string {
  return value === undefined || value === "" ? NOTHING : plain(String(value));
}

function widest(cells: readonly string[]): number {
  return Math.max(...cells.map(lengthOf).filter((length) => length <= MAX_WIDTH));
}

function aligned(cells: readonly string[], widths: readonly number[]): string {
  const padded = cells.map((cell, at) => cell + " ".repeat(Math.max(0, (widths[at] ?? 0) - lengthOf(cell))));
  return padded.join(GAP).trimEnd();
}

/** Characters, not UTF-16 code units. */
function lengthOf(text: string): number {
  return [...text].length;
}
