import { expect, it } from "vitest";
import { readScore, share } from "../../scripts/mutation-report.ts";

const mutant = (status: string, place: readonly [number, number, number, number]) => ({
  status,
  mutatorName: "ConditionalExpression",
  replacement: "true",
  location: { start: { line: place[0], column: place[1] }, end: { line: place[2], column: place[3] } },
});

const report = (...mutants: readonly object[]) =>
  JSON.stringify({ files: { "src/a.ts": { source: "if (a < b) {\n  c();\n}\n", mutants } } });

it("a score counts what was noticed, and shows what was not", () => {
  const score = readScore(
    report(
      mutant("Killed", [1, 5, 1, 10]),
      mutant("Timeout", [1, 5, 1, 10]),
      mutant("Survived", [1, 5, 1, 10]),
      mutant("NoCoverage", [1, 12, 3, 2]),
      mutant("Ignored", [1, 5, 1, 10]),
    ),
  );
  expect(score).toEqual({
    killed: 2,
    survivors: [
      "src/a.ts:1: ConditionalExpression: a < b → true",
      "src/a.ts:1: ConditionalExpression: { → true (no test runs it)",
    ],
  });
  expect(share(score)).toBe(0.5);
});

it("a report without a mutant is no success", () => {
  expect(share(readScore(report()))).toBe(0);
});

it("what is no report of Stryker's is a fault", () => {
  expect(() => readScore("{}")).toThrow();
});
