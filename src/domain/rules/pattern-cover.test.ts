import { describe, expect, it } from "vitest";
import { matchesPattern } from "../access/pattern.ts";
import { coverEffort, patternCovers } from "./pattern-cover.ts";

describe("patternCovers", () => {
  it.each([
    { wider: "a", narrower: "a" },
    { wider: "*", narrower: "a" },
    { wider: "*", narrower: "*" },
    { wider: "**", narrower: "a/**:b" },
    { wider: "repo:acme/*:*", narrower: "repo:acme/app:*" },
    { wider: "repo:acme/**", narrower: "repo:acme/app:ref:**" },
    { wider: "a*c", narrower: "ab*c" },
    { wider: "a*", narrower: "a" },
    { wider: "**b", narrower: "*b" },
    { wider: "***", narrower: "**" },
  ])("says that $wider covers $narrower", ({ wider, narrower }) => {
    expect(patternCovers(wider, narrower, coverEffort())).toBe(true);
  });

  it.each([
    { wider: "a", narrower: "b" },
    { wider: "a", narrower: "*" },
    { wider: "*", narrower: "a/b" },
    { wider: "*", narrower: "**" },
    { wider: "*", narrower: "***" },
    { wider: "*", narrower: "a/*" },
    { wider: "*", narrower: "a:*" },
    { wider: "a*:**b", narrower: "a**b" },
    { wider: "a/**", narrower: "b/*" },
    { wider: "a*b", narrower: "a*" },
    { wider: "repo:acme/*:ref:*", narrower: "repo:acme/app:*" },
  ])("does not say that $wider covers $narrower", ({ wider, narrower }) => {
    expect(patternCovers(wider, narrower, coverEffort())).toBe(false);
  });

  it("never says so where the narrower one matches what the wider one does not", () => {
    const patterns = sequences(["a", "/", ":", "*", "**"], 3);
    const texts = sequences(["a", "b", "/", ":"], 3);
    for (const narrower of patterns) {
      const matched = texts.filter((text) => matchesPattern(narrower, text));
      const covering = patterns.filter((wider) => patternCovers(wider, narrower, coverEffort()));
      expect(covering.length).toBeGreaterThan(0);
      const escaped = covering.filter((wider) => !matched.every((text) => matchesPattern(wider, text)));
      expect(escaped, narrower).toEqual([]);
    }
  });
});

/** Every text of up to `most` of the parts. */
function sequences(parts: readonly string[], most: number): readonly string[] {
  if (most === 0) return [""];
  return ["", ...parts.flatMap((part) => sequences(parts, most - 1).map((rest) => part + rest))];
}

it("says no when what it may do is done", () => {
  const effort = { left: 24 };
  expect(patternCovers("a*", "abc*", effort)).toBe(true);
  expect(effort.left).toBe(16);
  expect(patternCovers("a*", "abc*", { left: 8 })).toBe(true);
  expect(patternCovers("a*", "abc*", { left: 7 })).toBe(false);
});
