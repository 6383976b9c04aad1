import { expect, it } from "vitest";
import { quoted } from "./plain-text.ts";

it.each([
  ["repo:acme/äpp", '"repo:acme/äpp"'],
  ['a "b" \\', '"a \\"b\\" \\\\"'],
  ["a\u001b[2Jb\nc", '"a\\u{1b}[2Jb\\u{a}c"'],
  ["a\u202eb\u200dc\u009bd\u2028e", '"a\\u{202e}b\\u{200d}c\\u{9b}d\\u{2028}e"'],
])("shows %j so that a terminal prints it and does nothing else", (value, shown) => {
  expect(quoted(value)).toBe(shown);
});
