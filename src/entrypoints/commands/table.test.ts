import { expect, it } from "vitest";
import { type Column, recordText, tableText, timeText } from "./table.ts";

interface Row {
  readonly name: string;
  readonly count?: number;
  readonly note: string;
}
const COLUMNS: readonly Column<Row>[] = [
  ["name", ({ name }) => name],
  ["count", ({ count }) => count],
  ["note", ({ note }) => note],
];

it("aligns columns by characters, and shows what is empty", () => {
  const rows = [
    { name: "äöü👍", count: 7, note: "x" },
    { name: "a", note: "" },
  ];
  expect(tableText(rows, COLUMNS, "none")).toBe(
    ["NAME  COUNT  NOTE", "äöü👍  7      x", "a     -      -"].join("\n"),
  );
});

it("lets a long cell push its own row aside, and cuts nothing off", () => {
  const long = "x".repeat(60);
  const rows = [
    { name: long, note: "a" },
    { name: "b", note: "c" },
  ];
  expect(tableText(rows, COLUMNS, "none").split("\n")).toEqual([
    "NAME  COUNT  NOTE",
    `${long}  -      a`,
    "b     -      c",
  ]);
});

it("says that there is nothing", () => {
  expect(tableText([], COLUMNS, "no rows")).toBe("no rows");
});

it("moves no cursor", () => {
  expect(tableText([{ name: "\u001b[2J", note: "\r" }], COLUMNS, "")).toContain("\\u{1b}[2J  -      \\u{d}");
});

it("shows one object in lines", () => {
  expect(recordText({ name: "a", note: "b\nc" }, COLUMNS)).toBe("name:  a\ncount: -\nnote:  b\\u{a}c");
});

it.each([
  ["2026-03-01T12:00:00.000Z", "2026-03-01T12:00:00Z"],
  ["2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z"],
  [null, undefined],
  [undefined, undefined],
])("shows the time %j as %j", (time, shown) => {
  expect(timeText(time)).toBe(shown);
});
