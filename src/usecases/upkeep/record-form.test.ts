import { describe, expect, it } from "vitest";
import {
  anyOf,
  anything,
  count,
  type Form,
  flag,
  list,
  map,
  object,
  oneOf,
  text,
  textLike,
} from "./record-form.ts";

interface Sample {
  readonly name: string;
  readonly size?: number;
}
const sample = object<Sample>({ name: text, size: count }, ["size"]);
const short = textLike((value) => value.length < 3);

describe("a form", () => {
  it.each<[string, Form, unknown]>([
    ["a text", text, ""],
    ["a flag", flag, false],
    ["a count", count, 0],
    ["anything", anything, undefined],
    ["one of several", oneOf("a", 2), 2],
    ["a text that passes", short, "ab"],
    ["a list", list(text), ["a", "b"]],
    ["a list of the greatest length", list(text, 2), ["a", "b"]],
    ["a map", map(count), { a: 1 }],
    ["the first of two", anyOf(text, count), "a"],
    ["the second of two", anyOf(text, count), 1],
    ["an object", sample, { name: "a", size: 1 }],
    ["an object without what it need not have", sample, { name: "a" }],
  ])("takes %s", (_, form, value) => {
    expect(form(value)).toBeUndefined();
  });

  it.each<[string, Form, unknown, string]>([
    ["a number for a text", text, 1, ""],
    ["a text for a flag", flag, "true", ""],
    ["a negative count", count, -1, ""],
    ["half a count", count, 0.5, ""],
    ["a text for a count", count, "1", ""],
    ["none of several", oneOf("a", 2), "b", ""],
    ["a text that does not pass", short, "abc", ""],
    ["a number that would pass as a text", short, 1, ""],
    ["an entry of a list", list(text), ["a", 1], "1"],
    ["a list that is too long", list(text, 2), ["a", "b", "c"], ""],
    ["an object for a list", list(text), {}, ""],
    ["an entry of a map", map(count), { a: 1, b: "1" }, "b"],
    ["a list for a map", map(count), [], ""],
    ["null for a map", map(count), null, ""],
    ["neither of two", anyOf(text, list(count)), ["a"], "0"],
    ["a member that is missing", sample, { size: 1 }, "name"],
    ["a member of another form", sample, { name: "a", size: "1" }, "size"],
    ["an optional member that is null", sample, { name: "a", size: null }, "size"],
    ["a member that is not known", sample, { name: "a", colour: 1 }, "colour"],
    ["a text for an object", sample, "a", ""],
    ["a member within a list", list(sample), [{ name: "a" }, { name: 1 }], "1.name"],
  ])("refuses %s", (_, form, value, path) => {
    expect(form(value)).toBe(path);
  });
});
