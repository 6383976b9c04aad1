import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseDeclaration } from "../../src/config/declaration-file.ts";
import { formatProblem } from "../../src/config/problem.ts";
import { PROFILES } from "../../src/domain/identity/profiles/all.ts";
import { PUBLIC_URL } from "../support/baseline.ts";

const GUIDE = readFileSync(new URL("../../docs/issuers.md", import.meta.url), "utf8");
/** Heading → what stands under it. */
const SECTIONS: ReadonlyMap<string, string> = new Map(
  GUIDE.split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf("\n")), section]),
);

function noFile(): never {
  throw new Error("the guide's files stand alone");
}

it("docs/issuers.md has a section for each issuer family, and for nothing else", () => {
  expect([...SECTIONS.keys()].toSorted()).toEqual(PROFILES.map(({ name }) => name).toSorted());
});

describe.each(PROFILES)("the guide's section for $name", ({ name, denials }) => {
  const section = SECTIONS.get(name) ?? "";
  const files = [...section.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = ""]) => text);

  it("has one declaration file, whose rule is of that family, and is good", () => {
    expect(files).toHaveLength(1);
    for (const file of files) {
      const parsed = parseDeclaration([{ name, text: file, readFile: noFile }], {
        defaults: { publicUrl: PUBLIC_URL },
      });
      expect(parsed.ok ? [] : parsed.error.map((problem) => formatProblem(name, problem))).toEqual([]);
      if (!parsed.ok) continue;
      const profiles = new Map(parsed.value.issuers.map(({ url, profile }) => [url, profile]));
      const rules = parsed.value.namespaces.flatMap(({ robots }) => robots.flatMap((robot) => robot.rules));
      expect(rules.map(({ issuer }) => profiles.get(issuer))).toEqual([name]);
    }
  });

  it("names every job that is refused, and how a rule asks for it", () => {
    expect(denials.filter(({ what }) => !section.includes(`\n- ${what}`))).toEqual([]);
    expect(
      denials.filter(
        ({ claim }) => claim !== "sub" && claim !== "job_id" && !section.includes(`\`${claim}\``),
      ),
    ).toEqual([]);
    expect(section.includes("No job is refused beyond the rule.")).toBe(denials.length === 0);
  });
});
