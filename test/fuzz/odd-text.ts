import fc from "fast-check";

/** Pieces that parsers trip over. */
const PIECES = [
  ...["", " ", "\0", "\n", "\r\n", "\t", "\u00a0", "\ufeff", "\u2028", "\ud800", "\u{1f6a2}", "é", "K", "İ"],
  ...[
    "..",
    "/",
    "//",
    "\\",
    "%",
    "%00",
    "%2e",
    "+",
    "&",
    "=",
    ":",
    "*",
    "**",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "|",
  ],
  ...[
    "__proto__",
    "constructor",
    "toString",
    "null",
    "true",
    "NaN",
    "-1",
    "1e999",
    "0x10",
    "9007199254740993",
  ],
  ...["repo:acme/app", "acme+builder", "repository:acme/app:pull", "registry:catalog:*", "{repository_name}"],
  ...["brc_", "brp_", "Basic ", "eyJhbGciOiJub25lIn0", "https://", "a".repeat(300), "[".repeat(200)],
];

/** Text of odd pieces and any characters. */
export const oddText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 80 }),
  fc
    .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 6 })), { maxLength: 8 })
    .map((parts) => parts.join("")),
);

/** `text` with some of its pieces taken out, doubled, or replaced. */
export function editedText(text: string): fc.Arbitrary<string> {
  const edit = fc.record({ at: fc.nat(text.length), length: fc.nat(40), put: oddText });
  return fc
    .array(edit, { minLength: 1, maxLength: 4 })
    .map((edits) =>
      edits.reduce((left, { at, length, put }) => left.slice(0, at) + put + left.slice(at + length), text),
    );
}
