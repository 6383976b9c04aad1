import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  askedActions,
  type DockerScope,
  formatDockerScope,
  isCatalogScope,
  MAX_SCOPES,
  parseDockerScope,
  parseDockerScopes,
} from "./docker-scope.ts";

const scope = (name: string, ...actions: string[]): DockerScope => ({ type: "repository", name, actions });

describe("parseDockerScope", () => {
  it.each<{ text: string; parsed: DockerScope }>([
    { text: "repository:acme/app:pull", parsed: scope("acme/app", "pull") },
    { text: "repository:acme/app:pull,push", parsed: scope("acme/app", "pull", "push") },
    { text: "repository:acme/app:*", parsed: scope("acme/app", "*") },
    { text: "repository:acme/app:,pull,", parsed: scope("acme/app", "pull") },
    { text: "repository:host.example.com:5000/app:pull", parsed: scope("host.example.com:5000/app", "pull") },
    { text: "repository(plugin):acme/app:pull", parsed: scope("acme/app", "pull") },
    { text: "repository(v9):acme/app:pull", parsed: scope("acme/app", "pull") },
    { text: "repository():acme/app:pull", parsed: scope("acme/app", "pull") },
    { text: "registry:catalog:*", parsed: { type: "registry", name: "catalog", actions: ["*"] } },
    { text: "r:n:a", parsed: { type: "r", name: "n", actions: ["a"] } },
    // Still scopes: what they name, no grant covers.
    { text: "repository:../evil:pull", parsed: scope("../evil", "pull") },
    { text: "repository:Acme/App:PULL", parsed: scope("Acme/App", "PULL") },
    {
      text: "repository(Plugin):a:pull",
      parsed: { type: "repository(Plugin)", name: "a", actions: ["pull"] },
    },
    { text: "repository(x)y:a:pull", parsed: { type: "repository(x)y", name: "a", actions: ["pull"] } },
  ])("reads $text", ({ text, parsed }) => {
    expect(parseDockerScope(text)).toEqual(parsed);
  });

  // attack 80
  it.each([
    { fault: "empty", text: "" },
    { fault: "a word", text: "openid" },
    { fault: "two parts", text: "repository:acme/app" },
    { fault: "an empty type", text: ":acme/app:pull" },
    { fault: "a class of no type", text: "(plugin):acme/app:pull" },
    { fault: "an empty name", text: "repository::pull" },
    { fault: "no actions", text: "repository:acme/app:" },
    { fault: "commas for actions", text: "repository:acme/app:,," },
    { fault: "colons alone", text: ":::" },
  ])("finds none in $fault", ({ text }) => {
    expect(parseDockerScope(text)).toBeUndefined();
  });

  const nearScope = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom(..."ab:/,()*. ") }),
    fc.tuple(fc.string(), fc.string(), fc.string()).map((parts) => `repository:${parts.join(":")}`),
  );

  it("never throws, and what it reads has a type, a name and an action", () => {
    return fc.assert(
      fc.property(nearScope, (text) => {
        const parsed = parseDockerScope(text);
        if (parsed === undefined) return;
        expect([parsed.type, parsed.name, ...parsed.actions]).not.toContain("");
        expect(parsed.actions.length).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });

  it("reads back what was written of a scope that it read", () => {
    return fc.assert(
      fc.property(nearScope, (text) => {
        const parsed = parseDockerScope(text);
        fc.pre(parsed?.type === "repository");
        expect(parseDockerScope(formatDockerScope(parsed?.name ?? "", parsed?.actions ?? []))).toEqual(
          parsed,
        );
      }),
    );
  });
});

describe("parseDockerScopes", () => {
  it.each<{ values: string[]; parsed: DockerScope[] }>([
    { values: [], parsed: [] },
    { values: [""], parsed: [] },
    { values: ["repository:a:pull repository:b:pull"], parsed: [scope("a", "pull"), scope("b", "pull")] },
    { values: ["repository:a:pull", "repository:b:pull"], parsed: [scope("a", "pull"), scope("b", "pull")] },
    { values: ["  repository:a:pull  "], parsed: [scope("a", "pull")] },
    { values: ["repository:a:pull repository:a:push"], parsed: [scope("a", "pull", "push")] },
    { values: ["repository:a:pull,push", "repository:a:pull"], parsed: [scope("a", "pull", "push")] },
    { values: ["repository(plugin):a:pull repository:a:push"], parsed: [scope("a", "pull", "push")] },
    { values: ["openid repository:a:pull repository::pull"], parsed: [scope("a", "pull")] },
    {
      values: ["registry:catalog:*", "repository:catalog:*"],
      parsed: [{ type: "registry", name: "catalog", actions: ["*"] }, scope("catalog", "*")],
    },
  ])("reads $values", ({ values, parsed }) => {
    expect(parseDockerScopes(values)).toEqual(parsed);
  });
});

describe("askedActions", () => {
  it.each([
    { actions: ["pull"], asked: ["pull"] },
    { actions: ["push", "pull"], asked: ["pull", "push"] },
    { actions: ["delete"], asked: ["delete"] },
    { actions: ["*"], asked: ["pull", "push", "delete"] },
    { actions: ["pull", "*"], asked: ["pull", "push", "delete"] },
    { actions: ["PULL", "metadata-read", "**"], asked: [] },
  ])("of $actions are $asked", ({ actions, asked }) => {
    expect(askedActions(scope("acme/app", ...actions))).toEqual(asked);
  });
});

describe("isCatalogScope", () => {
  it.each<DockerScope & { is: boolean }>([
    { type: "registry", name: "catalog", actions: ["*"], is: true },
    { type: "registry", name: "catalog", actions: ["pull", "*"], is: true },
    { type: "registry", name: "catalog", actions: ["pull"], is: false },
    { type: "registry", name: "catalogue", actions: ["*"], is: false },
    { type: "repository", name: "catalog", actions: ["*"], is: false },
  ])("is $is of $type:$name:$actions", ({ is, ...asked }) => {
    expect(isCatalogScope(asked)).toBe(is);
  });
});

it("bounds a request to 100 scopes", () => {
  expect(MAX_SCOPES).toBe(100);
});
