/**
 * Writes docs/attacks.md from the tests. With --check it writes nothing, and ends with 1 when the page is not what
 * the tests say. Either way it ends with 1 when an attack has neither a test nor a reason, or a tag names none.
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { claimsIn } from "./attack-claims.ts";
import { ATTACK_GROUPS } from "./attacks.ts";
import { attackProblems, attacksPage } from "./attacks-page.ts";

const ROOT = new URL("../", import.meta.url);
const PAGE = new URL("docs/attacks.md", ROOT);
const TESTS = ["src/**/*.test.ts", "test/**/*.ts"];

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });

const files = globSync(TESTS, { cwd: fileURLToPath(ROOT) })
  .map((file) => file.replaceAll("\\", "/"))
  .sort();
const claims = files.flatMap((file) => claimsIn(file, readFileSync(new URL(file, ROOT), "utf8")));
const page = attacksPage(ATTACK_GROUPS, claims);
for (const problem of attackProblems(ATTACK_GROUPS, claims)) fail(problem);

if (readIfThere() !== page) {
  if (values.check) {
    fail("docs/attacks.md is not what the tests say; run `npm run docs`.");
  } else {
    writeFileSync(PAGE, page);
    console.log("docs/attacks.md written");
  }
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}

function readIfThere(): string | undefined {
  try {
    return readFileSync(PAGE, "utf8");
  } catch (fault) {
    if (fault instanceof Error && "code" in fault && fault.code === "ENOENT") return undefined;
    throw fault;
  }
}
