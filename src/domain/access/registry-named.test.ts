import { expect, it } from "vitest";
import { err, ok } from "../result.ts";
import { registryNamed } from "./registry-named.ts";

it.each([
  { named: "a", registries: ["a", "b"], found: ok("a") },
  { named: "c", registries: ["a", "b"], found: err("unknown") },
  { named: "a", registries: [], found: err("unknown") },
  { named: undefined, registries: ["a"], found: ok("a") },
  { named: undefined, registries: ["a", "b"], found: err("unnamed") },
  { named: undefined, registries: [], found: err("unnamed") },
])("$named of $registries", ({ named, registries, found }) => {
  expect(registryNamed(named, registries)).toEqual(found);
});
