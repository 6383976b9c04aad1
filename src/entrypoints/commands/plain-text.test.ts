import { expect, it } from "vitest";
import { plainJson } from "../../client/plain-text.ts";
import { plain, quoted } from "./plain-text.ts";

it.each([
  ["repo:acme/äpp", "repo:acme/äpp", '"repo:acme/äpp"'],
  ['a "b" \\', 'a "b" \\', '"a \\"b\\" \\\\"'],
  ["a\u001b[2Jb\nc", "a\\u{1b}[2Jb\\u{a}c", '"a\\u{1b}[2Jb\\u{a}c"'],
  [
    "a\u202eb\u200dc\u009bd\u2028e",
    "a\\u{202e}b\\u{200d}c\\u{9b}d\\u{2028}e",
    '"a\\u{202e}b\\u{200d}c\\u{9b}d\\u{2028}e"',
  ],
  [
    "x##vso[task.prependpath]/y ##[debug] ##",
    "x#\\u{23}vso[task.prependpath]/y #\\u{23}[debug] ##",
    '"x#\\u{23}vso[task.prependpath]/y #\\u{23}[debug] ##"',
  ],
])("shows %j so that a terminal prints it and does nothing else", (value, shown, inQuotes) => {
  expect(plain(value)).toBe(shown);
  expect(quoted(value)).toBe(inQuotes);
});

it("escapes in JSON what a terminal would obey, and the text stays the same", () => {
  const value = { "na\u202eme": "a\u001b[2J\n\u009b\u2028\u{e0001}é" };
  const text = plainJson(value, 2);
  expect(text).toBe('{\n  "na\\u202eme": "a\\u001b[2J\\n\\u009b\\u2028\\udb40\\udc01é"\n}');
  expect(JSON.parse(text)).toEqual(value);
  expect(plainJson(["##vso[a.b]", "##"])).toBe('["\\u0023\\u0023vso[a.b]","##"]');
  expect(plainJson([1])).toBe("[1]");
});
