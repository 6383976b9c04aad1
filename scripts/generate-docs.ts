/**
 * Writes the pages that are made from the code. With --check it writes nothing, and ends with 1 when a page is not
 * what the code says.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { configurationPage } from "../src/config/configuration-page.ts";
import { declarationJsonSchema } from "../src/config/declaration-schema.ts";

const ROOT = new URL("../", import.meta.url);
const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });

const pages: Readonly<Record<string, string>> = {
  "docs/configuration.md": configurationPage(read("docs/examples/berth.yaml") ?? ""),
  "docs/schema/berth.schema.json": `${JSON.stringify(declarationJsonSchema(), null, 2)}\n`,
};

for (const [file, page] of Object.entries(pages)) {
  if (read(file) === page) continue;
  if (values.check) {
    console.error(`${file} is not what the code says; run \`npm run docs\`.`);
    process.exitCode = 1;
  } else {
    mkdirSync(new URL(".", new URL(file, ROOT)), { recursive: true });
    writeFileSync(new URL(file, ROOT), page);
    console.log(`${file} written`);
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(new URL(file, ROOT), "utf8");
  } catch (fault) {
    if (fault instanceof Error && "code" in fault && fault.code === "ENOENT") return undefined;
    throw fault;
  }
}
