import { beforeEach, expect, it } from "vitest";
import { inPipePieces } from "./pipe-pieces.ts";

let written: string[];
let write: (text: string) => void;
beforeEach(() => {
  written = [];
  write = inPipePieces((text) => written.push(text));
});

const line = (bytes: number) => `${"x".repeat(bytes - 1)}\n`;

it.each([
  ["one line", [line(10)], [line(10)]],
  ["lines that fit together", [line(2000), line(2096)], [line(2000) + line(2096)]],
  [
    "lines of which the last does not fit",
    [line(2000), line(2096), line(1)],
    [line(2000) + line(2096), "\n"],
  ],
  ["a line that is too long for itself", [line(1), line(5000), line(1)], ["\n", line(5000), "\n"]],
  ["nothing", [], []],
])("writes %s", (_, lines, pieces) => {
  write(lines.join(""));
  expect(written).toEqual(pieces);
});

it("counts bytes, not characters", () => {
  const umlauts = `${"ü".repeat(1500)}\n`;
  write(umlauts + umlauts);
  expect(written).toEqual([umlauts, umlauts]);
});
