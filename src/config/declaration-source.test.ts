import { describe, expect, it } from "vitest";
import { anIssuer, aRegistry, PUBLIC_URL } from "../../test/support/baseline.ts";
import { aFile, CA, DECLARATION } from "../../test/support/declaration-text.ts";
import { type KnownSystem, parseDeclaration } from "./declaration-file.ts";
import type { DeclarationFile } from "./declaration-source.ts";
import { formatProblem } from "./problem.ts";

const [SYSTEM = "", NAMESPACES = ""] = DECLARATION.split(/^(?=namespaces:)/m);
const KNOWN: KnownSystem = { issuers: [anIssuer()], registries: [aRegistry().service] };

function parse(files: readonly DeclarationFile[], known?: KnownSystem) {
  return parseDeclaration(files, { defaults: { publicUrl: PUBLIC_URL }, ...(known && { known }) });
}

function problemsOf(files: readonly DeclarationFile[], known?: KnownSystem): readonly string[] {
  const parsed = parse(files, known);
  return parsed.ok ? [] : parsed.error.map((problem) => formatProblem(problem.file, problem));
}

describe("several files", () => {
  it("make one declaration, whichever comes first", () => {
    const whole = parse([aFile(DECLARATION)]);
    expect(whole.ok).toBe(true);
    expect(parse([aFile(SYSTEM, "system.yaml"), aFile(NAMESPACES, "acme.yaml")])).toEqual(whole);
    expect(parse([aFile(NAMESPACES, "acme.yaml"), aFile(SYSTEM, "system.yaml")])).toEqual(whole);
  });

  it("have their lists put together in their order", () => {
    const parsed = parse([aFile("namespaces: [{ name: b }]", "1"), aFile("namespaces: [{ name: a }]", "2")]);
    expect(parsed.ok && parsed.value.namespaces.map(({ name }) => name)).toEqual(["b", "a"]);
  });

  it("have their problems told in their order, each with its file and the way within it", () => {
    const broken = "namespaces:\n  - name: beta\n    robots: [{ name: x }]\n    kind: team\n";
    expect(
      problemsOf([aFile(broken, "b.yaml"), aFile("issuer: []", "a.yaml"), aFile("a: [", "c.yaml")]),
    ).toEqual([
      expect.stringMatching(/^b\.yaml:3:22: namespaces\[0\]\.robots\[0\]\.name: must be 2 to 126/),
      "b.yaml:4:11: namespaces[0].kind: must be one of organization, user",
      "a.yaml:1:1: issuer: is not a field; did you mean issuers?",
      expect.stringMatching(/^c\.yaml:1:5: is not valid YAML/),
    ]);
  });

  it("have the place told by the file where the parts do not fit together", () => {
    const beta =
      "namespaces:\n  - name: beta\n    robots:\n      - name: builder\n        rules:\n          - { issuer: https://none.example.com, subject: a }\n";
    expect(problemsOf([aFile(DECLARATION, "a.yaml"), aFile(beta, "b.yaml")])).toEqual([
      expect.stringMatching(
        /^b\.yaml:6:23: namespaces\[0\]\.robots\[0\]\.rules\[0\]\.issuer: is not the URL of/,
      ),
    ]);
  });

  it.each([
    ["namespaces: [{ name: acme }]", "b.yaml:1:22: namespaces[0].name: stands twice; first at a.yaml:12:11"],
    [
      "issuers: [{ url: https://issuer.example.com, audiences: [other] }]",
      "b.yaml:1:18: issuers[0].url: stands twice; first at a.yaml:3:10",
    ],
    ["revision: 3", "b.yaml:1:11: revision: stands at a.yaml:1:11 too; write it in one file"],
  ])("may not both hold what %s says", (text, problem) => {
    expect(problemsOf([aFile(DECLARATION, "a.yaml"), aFile(text, "b.yaml")])).toEqual([problem]);
  });

  it("have one revision, in any of them", () => {
    const parsed = parse([aFile("namespaces: []"), aFile("revision: 7")]);
    expect(parsed.ok && parsed.value.revision).toBe(7);
  });

  it("each read the files that they name", () => {
    const issuer = (url: string) => `issuers: [{ url: ${url}, ca_file: ca.pem }]`;
    const own = { ...aFile(issuer("https://a.example.com"), "a"), readFile: () => `${CA}a` };
    const parsed = parse([own, aFile(issuer("https://b.example.com"), "b")]);
    expect(parsed.ok && parsed.value.issuers.map(({ keys }) => keys)).toMatchObject([
      { caPem: `${CA}a` },
      { caPem: CA },
    ]);
  });
});

describe("what a store has already", () => {
  const other = NAMESPACES.replace("            audience: other\n", "");

  it("may be named, and is not declared by that", () => {
    expect(problemsOf([aFile(NAMESPACES)])).not.toEqual([]);
    const parsed = parse([aFile(other)], KNOWN);
    expect(parsed).toMatchObject({ ok: true, value: { issuers: [], registries: [] } });
    expect(parsed.ok && parsed.value.namespaces[0]?.robots[0]).toMatchObject({
      permissions: [{ registry: "registry.example.com" }],
      rules: [{ issuer: "https://issuer.example.com" }],
    });
  });

  it("goes behind what is declared", () => {
    expect(problemsOf([aFile(DECLARATION)], KNOWN)).toEqual([]);
    const text = DECLARATION.replace("audiences: [https://berth.example.com, other]", "audiences: [another]");
    expect(problemsOf([aFile(text)], { ...KNOWN, issuers: [anIssuer({ audiences: ["other"] })] })).toEqual([
      expect.stringContaining("audience: is not one of the issuer's audiences"),
    ]);
  });

  it("counts where a registry is left out", () => {
    expect(
      problemsOf([aFile(other)], { ...KNOWN, registries: ["a.example.com", "registry.example.com"] }),
    ).toEqual([expect.stringContaining("permissions[0]: needs a registry: 2 are declared")]);
  });

  it("is what the linter judges rules by", () => {
    const github = anIssuer({ url: "https://token.actions.githubusercontent.com", profile: "github" });
    const text = other
      .replace("https://issuer.example.com", github.url)
      .replace("            claims:\n              repository_id: 4711\n", "")
      .replace("repo:acme/app:ref:refs/heads/main", "'**'");
    expect(problemsOf([aFile(text)], { ...KNOWN, issuers: [github] })).toEqual([
      expect.stringMatching(/\[no-tenant\]|\[pins-nothing\]/),
    ]);
  });
});

it("tells what could be better with the robot whose rule it is", () => {
  const parsed = parse([
    aFile(SYSTEM.replaceAll("https://issuer.example.com", "https://gitlab.com"), "system.yaml"),
    aFile(
      NAMESPACES.replace("https://issuer.example.com", "https://gitlab.com")
        .replace("repo:acme/app:ref:refs/heads/main", "project_path:acme/app:ref_type:branch:ref:main")
        .replace("repository_id: 4711", 'ref_protected: "true"'),
      "acme.yaml",
    ),
  ]);
  expect(parsed.ok && parsed.warnings).toContainEqual({
    file: "acme.yaml",
    line: 9,
    column: 22,
    path: "namespaces[0].robots[0].rules[0].subject",
    message: expect.stringContaining("[recyclable-name]"),
    robot: "acme+builder",
  });
});
