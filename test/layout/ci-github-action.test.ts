import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import * as z from "zod";

const ROOT = new URL("../../", import.meta.url);
const text = readFileSync(new URL("action.yml", ROOT), "utf8");

const id = z.string().regex(/^[_a-zA-Z][a-zA-Z0-9_-]*$/);

/**
 * What an action's metadata file may hold, for an action in JavaScript: GitHub's "Metadata syntax reference". Strict, as
 * the schema that editors use (SchemaStore, github-action.json) is.
 */
const actionFile = z.strictObject({
  name: z.string(),
  author: z.string().optional(),
  description: z.string(),
  inputs: z.record(
    id,
    z.strictObject({
      description: z.string(),
      deprecationMessage: z.string().optional(),
      required: z.boolean().optional(),
      default: z.string().optional(),
    }),
  ),
  outputs: z.record(id, z.strictObject({ description: z.string() })),
  runs: z.strictObject({
    using: z.enum(["node20", "node24"]),
    main: z.string(),
    pre: z.string().optional(),
    "pre-if": z.string().optional(),
    post: z.string().optional(),
    "post-if": z.string().optional(),
  }),
  branding: z.strictObject({
    icon: z.string(),
    color: z.enum(["white", "black", "yellow", "blue", "green", "orange", "red", "purple", "gray-dark"]),
  }),
});

const action = actionFile.parse(parse(text));

it("action.yml has the inputs and outputs that the documents name", () => {
  expect(Object.keys(action.inputs)).toEqual([
    "registry",
    "robot",
    "server",
    "scope",
    "ttl",
    "if-no-identity",
  ]);
  expect(Object.keys(action.outputs)).toEqual(["username", "expires-at", "docker-config", "server"]);
});

it("each input that the code reads is declared, and each that is declared is read", () => {
  const code = readFileSync(new URL("src/client/github-action/action-inputs.ts", ROOT), "utf8");
  const read = [...code.matchAll(/input\(variables, "([a-z-]+)"\)/g)].map(([, name]) => name);
  expect(new Set(read)).toEqual(new Set(Object.keys(action.inputs)));
});

it("each output that the code sets is declared, and each that is declared is set", () => {
  const code = readFileSync(new URL("src/client/github-action/main-step.ts", ROOT), "utf8");
  const set = [...code.matchAll(/setOutput\("([a-z-]+)"/g)].map(([, name]) => name);
  expect(new Set(set)).toEqual(new Set(Object.keys(action.outputs)));
});

it("its files are in the repository", () => {
  for (const file of [action.runs.main, action.runs.post ?? ""]) {
    expect(readFileSync(new URL(file, ROOT), "utf8")).not.toBe("");
  }
});
