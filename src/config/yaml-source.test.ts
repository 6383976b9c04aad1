import { describe, expect, it } from "vitest";
import { problemsOf } from "../../test/support/declaration-text.ts";

describe("the syntax of a declaration", () => {
  // attack 90
  it.each([
    { text: "", problem: "f:1:1: is empty" },
    { text: "# nothing\n", problem: "f:1:1: is empty" },
    { text: `# ${"x".repeat(8 * 1024 * 1024)}`, problem: "f:1:1: is larger than 8 MiB" },
    {
      text: "%YAML 1.1\n---\nrevision: 1\n",
      problem: "f:1:1: directives are not allowed; begin with the first field",
    },
    { text: "revision: 1\n---\nrevision: 2\n", problem: "f:2:1: the file must hold one document" },
    { text: "revision: 1\nrevision: 2\n", problem: "f:2:1: revision: this field stands twice" },
    { text: '{"revision": 1,\n "revision": 2}', problem: "f:2:2: revision: this field stands twice" },
    { text: "issuers:\n- url: a\n  url: b\n", problem: "f:3:3: issuers[0].url: this field stands twice" },
    { text: "issuers: &a []\n", problem: "f:1:13: issuers: anchors and aliases are not allowed" },
    { text: "issuers: !!seq []\n", problem: "f:1:16: issuers: tags are not allowed; put text in quotes" },
    { text: "revision: !!str 1\n", problem: "f:1:17: revision: tags are not allowed; put text in quotes" },
    { text: "revision: !own 1\n", problem: "f:1:16: revision: tags are not allowed; put text in quotes" },
    { text: "? [a]\n: 1\n", problem: "f:1:3: a field name must be text" },
    { text: "issuers:\n\t- url: a\n", problem: "f:2:1: tabs cannot indent; use spaces" },
    { text: "issuers: [", problem: "f:1:11: is not valid YAML (BAD_INDENT)" },
    { text: '{"__proto__": {}}', problem: "f:1:2: __proto__: is not a field" },
    {
      text: "namespaces:\n- robots:\n  - rules:\n    - claims: { ref: main, __proto__: x }\n",
      problem: "f:4:28: namespaces[0].robots[0].rules[0].claims.__proto__: is not a field",
    },
    { text: '{"issuers": "\\ud800"}', problem: "f:1:13: issuers: holds half of a character" },
    { text: "[1]", problem: "f:1:1: must be a mapping of fields" },
  ])("refuses $problem", ({ text, problem }) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it("names the alias as well as its anchor", () => {
    expect(problemsOf("issuers: &a []\nregistries: *a\n")).toEqual([
      "f:1:13: issuers: anchors and aliases are not allowed",
      "f:2:13: registries: anchors and aliases are not allowed",
    ]);
  });

  it("survives deep nesting", () => {
    // How deep is too deep, and so in which order the problems stand, is the size of the stack's to say.
    expect(problemsOf("[".repeat(100_000))).toContainEqual(
      expect.stringMatching(/^f:1:\d+: is nested too deeply$/),
    );
  });
});
