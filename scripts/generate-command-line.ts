/**
 * Writes docs/command-line.md from what the commands say of themselves. With --check it writes nothing, and ends with 1
 * when the page is not that.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { COMMANDS } from "../src/entrypoints/commands/all-commands.ts";
import { commandLinePage } from "../src/entrypoints/commands/command-line-page.ts";

const PAGE = new URL("../docs/command-line.md", import.meta.url);

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const page = commandLinePage(COMMANDS);

if (readFileSync(PAGE, "utf8") !== page) {
  if (values.check) {
    console.error("docs/command-line.md is not what the commands say; run `npm run docs`.");
    process.exitCode = 1;
  } else {
    writeFileSync(PAGE, page);
    console.log("docs/command-line.md written");
  }
}
