import { expect, it } from "vitest";
import { clientProblem } from "../client-problem.ts";
import { annotation, problemAnnotation } from "./workflow-command.ts";

it.each([
  ["plain", "Berth", "all is well", "::error title=Berth::all is well"],
  [
    "a line that would be a command",
    "Berth",
    "no\n::stop-commands::x",
    "::error title=Berth::no%0A::stop-commands::x",
  ],
  ["a carriage return, which the runner ends a line at, too", "Berth", "a\rb", "::error title=Berth::a%0Db"],
  ["an escape that is one already", "Berth", "100%0A", "::error title=Berth::100%250A"],
  ["a title that would be more than one", "a::b,file=x\ny", "t", "::error title=a%3A%3Ab%2Cfile=x%0Ay::t"],
])("%s", (_name, title, text, line) => {
  expect(annotation("error", title, text)).toBe(line);
});

it("a problem names its entry, and what it holds of others is one line", () => {
  const problem = clientProblem("robot_malformed", { robot: "x\n::add-path::/evil" });
  const line = problemAnnotation("warning", problem);
  expect(line).toMatch(/^::warning title=Berth%3A robot_malformed::/);
  expect(line).toMatch(/%0AMore: docs\/troubleshooting\.md#robot_malformed$/);
  expect(line.split("\n")).toHaveLength(1);
});
