import { afterAll, beforeAll, expect, it } from "vitest";
import { type CommandWorld, newCommandWorld } from "../../../test/support/command-world.ts";
import { ConfigurationError } from "../configuration-error.ts";
import { readContent } from "./file-content.ts";

let world: CommandWorld;
beforeAll(() => {
  world = newCommandWorld();
});
afterAll(() => world.remove());

it.each([
  ["YAML", "a: [12345678901234567890, 1.50, text]\nb: {c: true, d: null}\n"],
  ["JSON", '{"a": [12345678901234567890, 1.50, "text"], "b": {"c": true, "d": null}}'],
])("gives %s as JSON, numbers by their digits", (_, text) => {
  const { data, jsonOf } = readContent(world.file("content", text));
  expect(jsonOf(data)).toBe('{"a":[12345678901234567890,1.50,"text"],"b":{"c":true,"d":null}}');
  const { a, ...rest } = data;
  expect(jsonOf({ ...rest, e: [1] })).toBe('{"b":{"c":true,"d":null},"e":[1]}');
  expect(a).toHaveLength(3);
});

it.each([
  ["a: 0x1F", /content:1:4: a: is not a number as JSON writes it; put it in quotes$/],
  ["a: [1, .inf]", /content:1:8: a\[1\]: is not a number as JSON writes it/],
  ["a: 1\na: 2", /content:2:1: a: this field stands twice$/],
  ["- a", /content: must hold one mapping$/],
  ["", /content:1:1: is empty$/],
])("refuses %j", (text, sentence) => {
  const read = () => {
    const { data, jsonOf } = readContent(world.file("content", text));
    return jsonOf(data);
  };
  expect(read).toThrow(ConfigurationError);
  expect(read).toThrow(expect.objectContaining({ problems: [expect.stringMatching(sentence)] }));
});

it("names a file that cannot be read", () => {
  expect(() => readContent(`${world.folder}/nothing`)).toThrow(
    expect.objectContaining({ problems: [`${world.folder}/nothing: cannot be read`] }),
  );
});
