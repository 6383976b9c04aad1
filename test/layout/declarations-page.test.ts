import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseDeclaration } from "../../src/config/declaration-file.ts";
import { formatProblem } from "../../src/config/problem.ts";
import { anIssuer, PUBLIC_URL } from "../support/baseline.ts";
import { aFile } from "../support/declaration-text.ts";

const PAGE = readFileSync(new URL("../../docs/declarations.md", import.meta.url), "utf8");
const DECLARATIONS = [...PAGE.matchAll(/^```yaml\n(.*?)^```$/gms)]
  .map(([, text = ""]) => text)
  .filter((text) => /^namespaces:/m.test(text));
const GITHUB = anIssuer({
  url: "https://token.actions.githubusercontent.com",
  profile: "github",
  replay: "once",
});

it("docs/declarations.md shows declarations that are right, and in which the linter finds nothing", () => {
  expect(DECLARATIONS).toHaveLength(2);
  for (const text of DECLARATIONS) {
    const parsed = parseDeclaration([aFile(text, "declarations.md")], {
      defaults: { publicUrl: PUBLIC_URL },
      known: { issuers: [GITHUB], registries: ["registry.example.com"] },
    });
    const told = parsed.ok ? parsed.warnings : parsed.error;
    expect(told.map((problem) => formatProblem(problem.file, problem))).toEqual([]);
  }
});
