import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const HERE = new URL(".", import.meta.url);
const ROOT = new URL("../../", HERE);
const document = readFileSync(new URL("docs/conformance.md", ROOT), "utf8");
const named = new Set([...document.matchAll(/`([\w/.-]+\.test\.ts)`/g)].map((match) => match[1] ?? ""));

it("docs/conformance.md names no test that is not there", () => {
  const missing = [...named].filter((path) => !existsSync(new URL(path, path.includes("/") ? ROOT : HERE)));
  expect(missing).toEqual([]);
});

it("docs/conformance.md names each of these tests but this one", () => {
  const management = readdirSync(new URL("management/", HERE)).map(
    (name) => `test/conformance/management/${name}`,
  );
  const tests = [...readdirSync(HERE), ...management].filter(
    (name) => name.endsWith(".test.ts") && name !== "document.test.ts",
  );
  expect(tests.filter((name) => !named.has(name))).toEqual([]);
});
