import { expect, it } from "vitest";
import { aRegistry, SERVICE } from "../../../test/support/baseline.ts";
import { anonymousGrants } from "./registry.ts";

it("lets nobody in without authorization, unless an operator wrote so", () => {
  expect(anonymousGrants(aRegistry())).toEqual([]);
});

it("lets anyone pull, and only pull, what an operator wrote", () => {
  expect(anonymousGrants(aRegistry({ anonymousPull: ["acme/public/*", "hello"] }))).toEqual([
    { registry: SERVICE, repository: "acme/public/*", actions: ["pull"] },
    { registry: SERVICE, repository: "hello", actions: ["pull"] },
  ]);
});
