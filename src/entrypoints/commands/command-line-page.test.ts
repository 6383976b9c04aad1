import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { COMMANDS } from "./all-commands.ts";
import { commandLinePage } from "./command-line-page.ts";

const page = commandLinePage(COMMANDS);

it("has every command once, under its first word, with an example", () => {
  for (const { words, example } of COMMANDS) {
    expect(page.split(new RegExp(`^\`berth ${words.join(" ")}[ \`]`, "m")).length).toBeGreaterThan(1);
    expect(page).toContain(`\n## ${words[0]}\n`);
    expect(page).toContain(`\`\`\`sh\n${example}\n\`\`\``);
  }
});

it("says which of them ask a server", () => {
  expect(page).toMatch(/^`berth robots list NAMESPACE \[--json\]` \(asks the API\)$/m);
  expect(page).toMatch(/^`berth serve`$/m);
});

it("is what docs/command-line.md holds", () => {
  expect(readFileSync(new URL("../../../docs/command-line.md", import.meta.url), "utf8")).toBe(page);
});
