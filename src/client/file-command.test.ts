import { expect, it } from "vitest";
import { fileCommand } from "./file-command.ts";

it.each([
  ["a word", "one"],
  ["nothing", ""],
  ["lines that would set another variable", "one\nPATH=/evil\nEOF\nLD_PRELOAD<<EOF\nx"],
])("%s stands between delimiters that it does not hold", (_name, value) => {
  const [first = "", ...rest] = fileCommand("NAME", value).split("\n");
  const end = first.replace("NAME<<", "");
  expect(end).toMatch(/^berth-[0-9a-f]{32}$/);
  expect(rest).toEqual([...value.split("\n"), end, ""]);
});

it("draws a new delimiter each time", () => {
  expect(fileCommand("NAME", "x")).not.toBe(fileCommand("NAME", "x"));
});
