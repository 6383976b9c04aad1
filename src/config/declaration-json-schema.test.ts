import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type JsonSchema, schemaFaults } from "../../test/support/json-schema.ts";
import { declarationJsonSchema } from "./declaration-schema.ts";
import { readYaml } from "./yaml-source.ts";

const read = (path: string) => readFileSync(new URL(`../../docs/${path}`, import.meta.url), "utf8");
// As an editor reads it.
const schema = JSON.parse(read("schema/berth.schema.json")) as JsonSchema & { readonly $schema: string };
const EXAMPLE = read("examples/berth.yaml");

function faultsOf(text: string): readonly string[] {
  const source = readYaml(text);
  if (!source.ok) throw new Error("not valid YAML");
  return schemaFaults(source.value.data, schema, {});
}

describe("the JSON Schema of a declaration file", () => {
  it("is what `npm run docs` writes, in draft 7", () => {
    expect(schema).toEqual(JSON.parse(JSON.stringify(declarationJsonSchema())));
    expect(schema.$schema).toBe("http://json-schema.org/draft-07/schema#");
  });

  it("is named by the example, which it finds nothing wrong with", () => {
    expect(EXAMPLE).toMatch(/^# yaml-language-server: \$schema=\.\.\/schema\/berth\.schema\.json\n/);
    expect(faultsOf(EXAMPLE)).toEqual([]);
  });

  it.each([
    ["role: write", "role: push"],
    ["ttl_seconds: 900", "ttl_seconds: soon"],
    ["ttl_seconds: 900", "ttl: 900"],
    ["revision: 1", "revision: one"],
    ["      - name: builder\n", "      - nme: builder\n"],
  ])("finds the fault of an example that has not %j but %j", (from, to) => {
    expect(EXAMPLE).toContain(from);
    expect(faultsOf(EXAMPLE.replace(from, to))).not.toEqual([]);
  });
});
