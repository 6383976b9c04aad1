import { describe, expect, it } from "vitest";
import { isRepositoryName, isRepositoryPattern, namespaceOfRepository } from "./repository.ts";

const LONGEST = `acme/${"a".repeat(250)}`;

describe("isRepositoryName", () => {
  it.each(["app", "acme/app", "acme/app/web", "a.b/c_d/e-f", LONGEST])("takes %s", (text) => {
    expect(isRepositoryName(text)).toBe(true);
  });

  it.each([
    "",
    "/",
    "/app",
    "acme/",
    "acme//app",
    "acme/../evil",
    "acme/.",
    "Acme/app",
    "acme/App",
    "acme/*",
    "acme/app:latest",
    "acme/app@sha256",
    "registry.example.com:5000/app",
    "_/app",
    "acme/app\n",
    "acme/a p",
    `${LONGEST}a`,
  ])("refuses %j", (text) => {
    expect(isRepositoryName(text)).toBe(false);
  });
});

describe("isRepositoryPattern", () => {
  it.each([
    "app",
    "*",
    "app-*",
    "a9*",
    "acme/app",
    "acme/*",
    "acme/**",
    "acme/app-*",
    "acme/*/web",
    "acme/**/web",
    "acme/a**b",
    "acme/.*",
    `acme/${"a".repeat(249)}*`,
  ])("takes %s", (text) => {
    expect(isRepositoryPattern(text)).toBe(true);
  });

  it.each([
    { fault: "empty", text: "" },
    { fault: "every namespace", text: "**" },
    { fault: "names of one component, and more", text: "app**" },
    { fault: "a pattern for the namespace", text: "*/app" },
    { fault: "a pattern in the namespace", text: "acme*/app" },
    { fault: "the root namespace spelt out", text: "_/app" },
    { fault: "a namespace in capitals", text: "Acme/*" },
    { fault: "an overlong namespace", text: `${"a".repeat(129)}/*` },
    { fault: "capitals", text: "acme/App" },
    { fault: "capitals beside a star", text: "acme/App*" },
    { fault: "an empty component", text: "acme//*" },
    { fault: "an empty last component", text: "acme/" },
    { fault: "dots alone", text: "acme/.." },
    { fault: "three stars", text: "acme/***" },
    { fault: "three stars in a single component", text: "a***" },
    { fault: "a question mark", text: "acme/a?p*" },
    { fault: "a colon", text: "acme/*:pull" },
    { fault: "braces", text: "acme/{x}*" },
    { fault: "a space", text: "acme/* " },
    { fault: "a line feed", text: "acme/*\n" },
    { fault: "a line feed before", text: "acme/\n*" },
    { fault: "256 characters", text: `acme/${"a".repeat(250)}*` },
  ])("refuses $fault", ({ text }) => {
    expect(isRepositoryPattern(text)).toBe(false);
  });
});

describe("namespaceOfRepository", () => {
  it.each([
    { repository: "app", namespace: "_" },
    { repository: "*", namespace: "_" },
    { repository: "acme/app", namespace: "acme" },
    { repository: "acme/app/web", namespace: "acme" },
    { repository: "acme/**", namespace: "acme" },
    // No repository's name, and of nobody's namespace: least of all of the one whose names have one component.
    { repository: "/app", namespace: "" },
  ])("of $repository is $namespace", ({ repository, namespace }) => {
    expect(namespaceOfRepository(repository)).toBe(namespace);
  });
});
