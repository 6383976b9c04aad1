import { expect, it } from "vitest";
import { faultText } from "./own-fault.ts";

it("a fault is told in a few plain lines, without what opens something", () => {
  const fault = new TypeError("Invalid URL: https://user:pass@host/ brc_07abcDEF0123456789");
  fault.stack = `${fault}\n${Array(20).fill("    at x (##vso[a.b]:1:2)").join("\n")}`;
  const lines = faultText(fault).split("\n");
  expect(lines.slice(1, 3)).toEqual([
    "TypeError: Invalid URL: https://host/ [a secret]",
    "    at x (#\\u{23}vso[a.b]:1:2)",
  ]);
  expect(lines.length).toBe(7);
  expect(faultText("thrown")).toContain("\nthrown");
});
