import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isOpen, isPattern, matchesPattern } from "./pattern.ts";

/** The definition, written down: slow, and plain to see. */
function obviously(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  const stars = /^\*+/.exec(pattern)?.[0] ?? "";
  if (stars === "") return text[0] === pattern[0] && obviously(pattern.slice(1), text.slice(1));
  const rest = pattern.slice(stars.length);
  for (let length = 0; length <= text.length; length += 1) {
    if (stars === "*" && /[/:]/.test(text.slice(0, length))) return false;
    if (obviously(rest, text.slice(length))) return true;
  }
  return false;
}

describe("matchesPattern", () => {
  // attack 50, 51, 52, 53
  it.each([
    { pattern: "acme/app", text: "acme/app", matches: true },
    { pattern: "acme/app", text: "acme/app2", matches: false },
    { pattern: "acme/app", text: "xacme/app", matches: false },
    { pattern: "", text: "", matches: true },
    { pattern: "", text: "a", matches: false },
    { pattern: "*", text: "", matches: true },
    { pattern: "*", text: "app", matches: true },
    { pattern: "*", text: "acme/app", matches: false },
    { pattern: "*", text: "acme:app", matches: false },
    { pattern: "acme/*", text: "acme/app", matches: true },
    { pattern: "acme/*", text: "acme/", matches: true },
    { pattern: "acme/*", text: "acme/app/web", matches: false },
    { pattern: "acme/*", text: "acme-evil/app", matches: false },
    { pattern: "acme/*/web", text: "acme/app/web", matches: true },
    { pattern: "acme/*/web", text: "acme/app/x/web", matches: false },
    { pattern: "acme/app-*", text: "acme/app-web", matches: true },
    { pattern: "acme/app-*", text: "acme/app", matches: false },
    { pattern: "acme/*-*", text: "acme/a-b-c", matches: true },
    { pattern: "acme/*b*", text: "acme/abc", matches: true },
    { pattern: "acme/*aab", text: "acme/aaab", matches: true },
    { pattern: "acme/**", text: "acme/app/web:x", matches: true },
    { pattern: "acme/**", text: "acme", matches: false },
    { pattern: "**", text: "", matches: true },
    { pattern: "**web", text: "acme/app/web", matches: true },
    { pattern: "**web", text: "acme/app/web2", matches: false },
    { pattern: "***", text: "a/b:c", matches: true },
    { pattern: "acme/**/*", text: "acme/a/b/c", matches: true },
    // The rows that others got wrong: a run over a separator, a regular expression in what is plain text.
    { pattern: "repo:acme*", text: "repo:acme/app:ref:refs/heads/main", matches: false },
    { pattern: "repo:acme/*:ref:refs/heads/main", text: "repo:acme/x:ref:refs/heads/main", matches: true },
    {
      pattern: "repo:acme/*:ref:refs/heads/main",
      text: "repo:acme-evil/x:ref:refs/heads/main",
      matches: false,
    },
    {
      pattern: "repo:acme/*:environment:prod",
      text: "repo:acme/x:environment:evil:environment:prod",
      matches: false,
    },
    { pattern: "a|b", text: "a", matches: false },
    { pattern: "*a|b", text: "xb", matches: false },
    { pattern: "a.*", text: "abc", matches: false },
    { pattern: "a.*", text: "a.c", matches: true },
    { pattern: "[a]*", text: "a", matches: false },
    { pattern: "a)|(b*", text: "b", matches: false },
    { pattern: "main*", text: "x\nmain", matches: false },
    { pattern: "*n", text: "main\n", matches: false },
    { pattern: "\\**", text: "\\x", matches: true },
    { pattern: "*k", text: "\u212a", matches: false },
    { pattern: "REFS/*", text: "refs/main", matches: false },
  ])("'$pattern' and '$text': $matches", ({ pattern, text, matches }) => {
    expect(matchesPattern(pattern, text)).toBe(matches);
  });

  it("does what its definition says", () => {
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "/", ":", "*", "*"), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom("a", "b", "/", ":"), maxLength: 8 });
    return fc.assert(
      fc.property(pattern, text, (left, right) => {
        expect(matchesPattern(left, right)).toBe(obviously(left, right));
      }),
      { numRuns: 5000 },
    );
  });

  it("matches a text that a pattern was made of", () => {
    const plain = fc.string({ unit: fc.constantFrom("a", "b", "/", ":", ".", "😀") });
    return fc.assert(
      fc.property(fc.array(fc.tuple(plain, plain), { minLength: 1 }), (pieces) => {
        const pattern = pieces.map(([literal]) => literal).join("**");
        const text = pieces
          .map(([literal, run], index) => literal + (index < pieces.length - 1 ? run : ""))
          .join("");
        expect(matchesPattern(pattern, text)).toBe(true);
      }),
    );
  });

  // attack 52
  it("needs no backtracking for what makes a regular expression slow", () => {
    expect(matchesPattern(`${"*a".repeat(100)}b`, "a".repeat(2000))).toBe(false);
  });
});

describe("isPattern", () => {
  it.each([
    { text: "acme/*", is: true },
    { text: "acme/app", is: false },
    { text: "acme/a?p", is: false },
    { text: "", is: false },
  ])("is $is of '$text'", ({ text, is }) => {
    expect(isPattern(text)).toBe(is);
  });
});

describe("isOpen", () => {
  it.each([
    { text: "*", is: true },
    { text: "**", is: true },
    { text: "", is: false },
    { text: "a*", is: false },
    { text: "*a", is: false },
    { text: "*/*", is: false },
  ])("is $is of '$text'", ({ text, is }) => {
    expect(isOpen(text)).toBe(is);
  });
});
