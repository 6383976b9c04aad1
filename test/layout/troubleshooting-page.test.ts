import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PROBLEM_TEXTS } from "../../src/client/client-problem.ts";
import { HINT_TEXTS } from "../../src/client/texts/exchange-texts.ts";

const PAGE = readFileSync(new URL("../../docs/troubleshooting.md", import.meta.url), "utf8");

/** Code → the text as it is shown, and what stands below. */
const ENTRIES: ReadonlyMap<string, { readonly shown: string; readonly cause: string }> = new Map(
  [...PAGE.matchAll(/^### (\w+)\n\n```text\n(.*?)\n```\n\n(.*?)\n(?=\n#|$(?![\s\S]))/gms)].map(
    ([, code = "", shown = "", cause = ""]) => [code, { shown, cause }],
  ),
);

const TEXTS: readonly (readonly [string, string])[] = [
  ...Object.entries(PROBLEM_TEXTS).map(([code, { message, mend }]) => [code, `${message}\n${mend}`] as const),
  ...Object.entries(HINT_TEXTS),
];

describe("docs/troubleshooting.md", () => {
  it("has an entry for each problem and hint, and for nothing else", () => {
    const headings = [...PAGE.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
    expect(headings.toSorted()).toEqual(TEXTS.map(([code]) => code).toSorted());
  });

  it.each(TEXTS)("shows %s as the client does, and says why", (code, text) => {
    const entry = ENTRIES.get(code);
    expect(entry?.shown).toBe(text);
    expect(entry?.cause.length ?? 0).toBeGreaterThan(40);
  });

  it("begins with the most common mistakes, 25 or more, each with its entry", () => {
    const linked = [...PAGE.matchAll(/\]\(#(\w+)\)/g)].map(([, code = ""]) => code);
    expect(new Set(linked).size).toBeGreaterThanOrEqual(25);
    expect(linked.filter((code) => !ENTRIES.has(code))).toEqual([]);
  });

  it("links to no page that is not there", () => {
    for (const [, page = ""] of PAGE.matchAll(/\]\(([\w.-]+\.md)\)/g)) {
      expect(() => readFileSync(new URL(`../../docs/${page}`, import.meta.url))).not.toThrow();
    }
  });
});

describe("every text", () => {
  it.each(TEXTS)("%s is plain ASCII in sentences, and names no way around verification", (_, text) => {
    expect(text).toMatch(/^[\x20-\x7e\n]+$/);
    expect(text).not.toMatch(/--insecure|NODE_TLS_REJECT_UNAUTHORIZED|npx /);
    expect(text.split("\n")[0]).toMatch(/[.}]$/);
  });
});
