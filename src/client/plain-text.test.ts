import { expect, it } from "vitest";
import { plain } from "./plain-text.ts";

it.each([
  ["a line break, which could begin a CI command", "a\n::set-env name=x::y", "a\\u{a}::set-env name=x::y"],
  ["a cursor's move", "\u001b[2J", "\\u{1b}[2J"],
  ["a change of direction", "a\u202eb", "a\\u{202e}b"],
  ["an identity token", "got eyJhbGciOi.eyJpc3Mi.c2ln here", "got [an identity token] here"],
  ["a token that was cut", "eyJhbGciOi.eyJpc3", "[an identity token]"],
  ["a credential", "brc_07abcDEF0123456789", "[a secret]"],
  [
    "a token whose header has a space",
    `${"a".repeat(20)}.${"b".repeat(20)}.${"c".repeat(20)}`,
    "[an identity token]",
  ],
  [
    "a command of Azure's, anywhere in a line",
    "a ##vso[task.prependpath]/b",
    "a #\\u{23}vso[task.prependpath]/b",
  ],
  ["a command of GitHub's", "a ##[save-state name=x]", "a #\\u{23}[save-state name=x]"],
  ["a URL's password", "at https://user:pa@ss@host/x", "at https://host/x"],
  ["what takes long to look through", "eyJ".repeat(80_000), `${"eyJ".repeat(171).slice(0, 512)}…`],
  ["what is long", "x".repeat(600), `${"x".repeat(512)}…`],
])("lets nothing through of %s", (_, value, expected) => {
  expect(plain(value)).toBe(expected);
});
