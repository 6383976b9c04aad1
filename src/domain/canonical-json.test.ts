import { expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

it("is one text for one content", () => {
  expect(canonicalJson({ b: [{ d: 1, c: null }], a: undefined, "": "x" })).toBe(
    '{"":"x","b":[{"c":null,"d":1}]}',
  );
  expect(canonicalJson({ b: 1, a: 2 })).toBe(canonicalJson({ a: 2, b: 1 }));
  expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
});
