import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRepositoryPattern, namespaceOfRepository } from "../access/repository.ts";
import { asVerifiedClaims } from "../identity/claims.ts";
import { generic } from "../identity/profiles/generic.ts";
import type { Profile } from "../identity/profiles/profile.ts";
import { JsonNumber, type JsonValue } from "../identity/strict-json.ts";
import { fillTemplate, isRepositoryTemplate, widestOf } from "./repository-template.ts";

const PROFILE: Profile = {
  ...generic,
  variables: {
    path: { claim: "path", take: "whole" },
    name: { claim: "path", take: "last-segment" },
    owner: { claim: "path", take: "first-segment" },
  },
};
const filled = (template: string, path: JsonValue) =>
  fillTemplate(template, asVerifiedClaims(new Map([["path", path]])), PROFILE);

describe("isRepositoryTemplate", () => {
  it.each([
    "acme/app",
    "acme/*",
    "acme/**",
    "app",
    "acme/{name}",
    "acme/{path}",
    "acme/{owner}/{name}",
    "acme/ci-{name}-cache",
    "acme/{name}/*",
    "acme/{name}/**",
  ])("takes %s", (text) => {
    expect(isRepositoryTemplate(text)).toBe(true);
  });

  it.each([
    "",
    "{name}",
    "{owner}/app",
    "acme{name}/app",
    "*/{name}",
    "acme/{owner}{name}",
    "acme/{owner}-{name}",
    "acme/{name}*",
    "acme/*{name}",
    "acme/-{name}",
    "acme/{Name}",
    "acme/{}",
    "acme/{name",
    "acme/name}",
    "acme/{{name}}",
    "acme//{name}",
    "acme/{name}/",
    "Acme/{name}",
  ])("refuses %j", (text) => {
    expect(isRepositoryTemplate(text)).toBe(false);
  });
});

describe("fillTemplate", () => {
  it.each<{ template: string; path: JsonValue; becomes: string }>([
    { template: "acme/{path}", path: "Acme/Web/App", becomes: "acme/acme/web/app" },
    { template: "acme/{name}", path: "Acme/Web/App", becomes: "acme/app" },
    { template: "acme/{owner}", path: "Acme/Web/App", becomes: "acme/acme" },
    { template: "acme/{owner}/{name}-cache", path: "a/b", becomes: "acme/a/b-cache" },
    { template: "acme/{name}/*", path: "a/b", becomes: "acme/b/*" },
    { template: "acme/{name}", path: "app", becomes: "acme/app" },
    { template: "acme/{name}", path: new JsonNumber("4711"), becomes: "acme/4711" },
  ])("makes $becomes of $template", ({ template, path, becomes }) => {
    expect(filled(template, path)).toBe(becomes);
  });

  it.each<{ template: string; path: JsonValue }>([
    { template: "acme/{name}", path: "" },
    { template: "acme/{name}", path: null },
    // Without the claim this would be another name, and a good one.
    { template: "acme/app{name}", path: null },
    { template: "acme/app{other}", path: "a/b" },
    { template: "acme/{name}", path: ["a/b"] },
    { template: "acme/{name}", path: "a/" },
    { template: "acme/{owner}", path: "/a" },
    { template: "acme/{path}", path: "a//b" },
    { template: "acme/{path}", path: "../other" },
    { template: "acme/{path}", path: "a/../../other" },
    { template: "acme/{name}", path: "a/*" },
    { template: "acme/{name}", path: "a/.github" },
    { template: "acme/{name}", path: "a/-b" },
    { template: "acme/{name}", path: "a/b:c" },
    { template: "acme/{name}", path: "a/{owner}" },
    { template: "acme/{name}", path: "a/\u212aube" },
    { template: "acme/{name}", path: "a/b\n" },
    { template: "acme/{name}", path: `a/${"b".repeat(251)}` },
    { template: "acme/{constructor}", path: "a/b" },
    { template: "acme/{other}", path: "a/b" },
  ])("makes nothing of $template for $path", ({ template, path }) => {
    expect(filled(template, path)).toBeUndefined();
  });

  it("keeps to the namespace, and to a pattern of the rule's own, whatever the claim is", () => {
    const templates = ["acme/{path}", "acme/{name}", "acme/{owner}/{name}", "acme/x-{name}/*"];
    const piece = fc.constantFrom("a", "B", "/", "..", "*", "{path}", ":", "-", "_", "%2f", "\u212a", " ");
    fc.assert(
      fc.property(
        fc.constantFrom(...templates),
        fc.array(piece).map((part) => part.join("")),
        (template, path) => {
          const result = filled(template, path) ?? "acme/none";
          expect(isRepositoryPattern(result)).toBe(true);
          expect(namespaceOfRepository(result)).toBe("acme");
          expect(result.includes("*")).toBe(template.includes("*") && result !== "acme/none");
        },
      ),
    );
  });
});

describe("widestOf", () => {
  it.each([
    { template: "acme/{path}", widest: "acme/**" },
    { template: "acme/{owner}/x-{name}", widest: "acme/*/x-*" },
    { template: "acme/*", widest: "acme/*" },
    { template: "acme/{other}", widest: "acme/*" },
  ])("is $widest of $template", ({ template, widest }) => {
    expect(widestOf(template, PROFILE)).toBe(widest);
  });
});
