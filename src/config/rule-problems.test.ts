import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { changedText, DECLARATION, parseText, problemsOf } from "../../test/support/declaration-text.ts";
import { FINDING_LEVELS, type FindingCode } from "../domain/rules/rule-finding.ts";
import { formatProblem } from "./problem.ts";

const RULE = "namespaces[0].robots[0].rules[0]";
const BEYOND = "is not within the robot's permissions; add it there first [permission-beyond-robot]";

function warningsOf(text: string): readonly string[] {
  const parsed = parseText(text);
  if (!parsed.ok) throw new Error(parsed.error.map(({ message }) => message).join("\n"));
  return parsed.warnings.map((warning) => formatProblem("f", warning));
}

describe("what the linter refuses in a declaration", () => {
  it.each([
    {
      from: "role: read",
      to: "role: admin",
      problem: `f:24:17: ${RULE}.permissions[0]: ${BEYOND}`,
    },
    {
      from: "repository: acme/app, role: read",
      to: "repository: acme/**, role: read",
      problem: `f:24:17: ${RULE}.permissions[0]: ${BEYOND}`,
    },
    {
      from: "subject: repo:acme/app:ref:refs/heads/main",
      to: "subject: acme*",
      problem: `f:19:22: ${RULE}.subject: has a wildcard right after a part of the tenant's name, so that it takes in every tenant whose name begins so; write the whole name and its separator before the first wildcard [escaping-pattern]`,
    },
    {
      from: "repository: acme/app, role: read",
      to: "repository: 'acme/{repository_name}', role: read",
      problem: `f:24:63: ${RULE}.permissions[0].repository: has {repository_name}, which is no variable of the profile generic; write the repository; this profile has none [unknown-variable]`,
    },
  ])("is a problem with line and path: $problem", ({ from, to, problem }) => {
    expect(problemsOf(changedText(from, to))).toEqual([problem]);
  });

  it("knows the profile that the file gives an issuer, and by its URL that others share it", () => {
    const text = DECLARATION.replaceAll("https://issuer.example.com", "https://gitlab.com").replace(
      "            claims:\n              repository_id: 4711\n",
      "",
    );
    const noTenant = expect.stringMatching(/^f:18:13: .*rules\[0\]: names no tenant.* \[no-tenant\]$/);
    expect(problemsOf(text)).toEqual([noTenant]);
    expect(problemsOf(text.replaceAll("https://gitlab.com", "https://gitlab.example.com"))).toEqual([]);
  });

  it("is told in the order of the lines, for every robot", () => {
    const rule = "{ issuer: https://issuer.example.com, subject: '**' }";
    const text = changedText(
      "      - name: builder\n",
      `      - { name: first, rules: [${rule}] }\n      - { name: second, rules: [${rule}] }\n      - name: builder\n`,
    );
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/^f:14:32: namespaces\[0\]\.robots\[0\]\.rules\[0\]: .*\[pins-nothing\]$/),
      expect.stringMatching(/^f:15:33: namespaces\[0\]\.robots\[1\]\.rules\[0\]: .*\[pins-nothing\]$/),
    ]);
  });

  it("waits until the parts of the file fit together", () => {
    const text = changedText("role: read", "role: admin").replace("audience: other", "audience: neither");
    expect(problemsOf(text)).toEqual([
      expect.stringContaining("audience: is not one of the issuer's audiences"),
    ]);
  });
});

describe("what the linter warns about in a declaration", () => {
  it("stands beside it, in the order of the lines", () => {
    expect(warningsOf(DECLARATION)).toEqual([]);
    const text = changedText(
      "    private_network: true\n",
      "    private_network: true\n    replay: reusable\n",
    ).replace("role: read }", "role: write }");
    expect(warningsOf(text)).toEqual([
      `f:19:13: ${RULE}.ttl_seconds: gives what may write as long a life as there is; set ttl_seconds: 900, which is enough for a push; a job can exchange just before it needs it [long-lifetime]`,
      `f:19:21: ${RULE}.issuer: does not use its identity tokens up: who gets hold of one can exchange it until it expires; set replay: once on the issuer if each job gets a token of its own; else keep max_lifetime_seconds short [reusable-token]`,
    ]);
  });

  it("is nothing in the example of the documentation", () => {
    expect(
      warningsOf(readFileSync(new URL("../../docs/examples/berth.yaml", import.meta.url), "utf8")),
    ).toEqual([]);
  });
});

describe("the examples of docs/rule-findings.md", () => {
  const page = readFileSync(new URL("../../docs/rule-findings.md", import.meta.url), "utf8");
  const examples = [
    ...page.matchAll(/^### `([a-z-]+)`[\s\S]*?```yaml\n# .*\n([\s\S]*?)# .*\n([\s\S]*?)```/gm),
  ].map(([, code = "", before = "", after = ""]) => ({ code, before, after }));

  /** The codes of what is found in a robot's rules, where issuer and robot are as the section says. */
  function codesOf(code: string, rules: string, replay = "once"): readonly string[] {
    const role = code === "permission-beyond-robot" ? "read" : "write";
    const permissions = code.startsWith("api-scopes") ? "[]" : `[{ repository: acme/*, role: ${role} }]`;
    const indented = rules.replace(/^/gm, "          ");
    const parsed = parseText(`issuers:
  - url: https://token.actions.githubusercontent.com
  - url: https://gitlab.com
  - { url: https://kubernetes.default.svc, replay: ${replay} }
  - { url: https://acme.semaphoreci.com, audiences: [https://acme.semaphoreci.com] }
registries: [{ service: registry.example.com, url: https://registry.example.com, token: x5c }]
namespaces:
  - name: acme
    robots:
      - name: builder
        permissions: ${permissions}
        rules:
${indented}`);
    const problems = parsed.ok ? parsed.warnings : parsed.error;
    return problems.map(({ message }) => message.replace(/.* \[(.*)\]$/, "$1"));
  }

  it("are there for every section", () => {
    expect(examples.map(({ code }) => code)).toEqual(page.match(/(?<=^### `)[a-z-]+/gm));
  });

  it.each(examples)("have $code before the mend", ({ code, before }) => {
    expect(codesOf(code, before, "reusable")).toContain(code);
  });

  it.each(examples)("have no $code after it, and nothing that is refused", ({ code, after }) => {
    const left = codesOf(code, after);
    // The one that cannot be mended.
    expect(left.includes(code)).toBe(code === "fixed-audience");
    expect(left.filter((found) => FINDING_LEVELS[found as FindingCode] !== "warn")).toEqual([]);
  });
});
