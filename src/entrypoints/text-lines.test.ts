import { expect, it } from "vitest";
import { textLines } from "./text-lines.ts";

const UTF8 = new TextEncoder();

async function* inChunks(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = UTF8.encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

it.each<[string, string, readonly string[]]>([
  ["of nothing", "", []],
  ["with a line feed at its end", "a\nb\n", ["a", "b"]],
  ["without", "a\nb", ["a", "b"]],
  ["with empty lines", "\n\na\n", ["", "", "a"]],
  ["with characters of several bytes", "é€\n😀\n", ["é€", "😀"]],
  ["with separators that are no line feeds", "a\u2028b\u2029c\rd\u0085\n", ["a\u2028b\u2029c\rd\u0085"]],
  ["with a byte order mark", "\uFEFFa\n", ["\uFEFFa"]],
])("gives the lines of a text %s, however it is cut", async (_, text, lines) => {
  for (const size of [1, 2, 3, 1000]) {
    const read: string[] = [];
    for await (const line of textLines(inChunks(text, size))) read.push(line);
    expect(read).toEqual(lines);
  }
});
