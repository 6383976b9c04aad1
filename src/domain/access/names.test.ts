import { describe, expect, it } from "vitest";
import {
  isComponent,
  isNamespaceName,
  isRobotName,
  isRobotShortName,
  namespaceOfRobot,
  robotName,
  splitRobotName,
} from "./names.ts";

describe("isComponent", () => {
  it.each(["a", "7", "acme", "a9", "9.9", "a.b", "a_b", "a__b", "a-b", "a---b", "a.b_c-d", "a".repeat(300)])(
    "takes %s",
    (text) => {
      expect(isComponent(text)).toBe(true);
    },
  );

  it.each([
    "",
    "A",
    "é",
    "\u212a",
    ".a",
    "a.",
    "_",
    "_a",
    "a_",
    "-a",
    "a-",
    "a..b",
    "a___b",
    "a._b",
    "a-_b",
    "..",
    "a b",
    "a/b",
    "a:b",
    "a+b",
    "a*",
    "a{b}",
    "a\n",
    "\na",
  ])("refuses %j", (text) => {
    expect(isComponent(text)).toBe(false);
  });

  it("is quick about a text that nearly fits", () => {
    expect(isComponent(`${"a-".repeat(50_000)}!`)).toBe(false);
  });
});

describe("isNamespaceName", () => {
  it.each([
    { text: "_", is: true },
    { text: "acme", is: true },
    { text: "a".repeat(128), is: true },
    { text: "a".repeat(129), is: false },
    { text: "__", is: false },
    { text: "", is: false },
    { text: "Acme", is: false },
  ])("is $is of '$text'", ({ text, is }) => {
    expect(isNamespaceName(text)).toBe(is);
  });
});

describe("isRobotShortName", () => {
  it.each([
    { text: "ci", is: true },
    { text: "9a9.9z9", is: true },
    { text: "build.er_1-a", is: true },
    { text: "b".repeat(126), is: true },
    { text: "b".repeat(127), is: false },
    { text: "b", is: false },
    { text: "", is: false },
    { text: "a__b", is: false },
    { text: "a--b", is: false },
    { text: "-builder", is: false },
    { text: "builder-", is: false },
    { text: "Builder", is: false },
    { text: "build+er", is: false },
    { text: "robot$x", is: false },
    { text: "builder\n", is: false },
  ])("is $is of '$text'", ({ text, is }) => {
    expect(isRobotShortName(text)).toBe(is);
  });
});

describe("the name of a robot account", () => {
  it.each([
    { text: "acme+builder", namespace: "acme", shortName: "builder" },
    { text: "_+ci", namespace: "_", shortName: "ci" },
  ])("$text has two parts", ({ text, namespace, shortName }) => {
    expect(splitRobotName(text)).toEqual({ namespace, shortName });
    expect(isRobotName(text)).toBe(true);
    expect(robotName(namespace, shortName)).toBe(text);
    expect(namespaceOfRobot(robotName(namespace, shortName))).toBe(namespace);
  });

  it.each([
    "",
    "acme",
    "+",
    "acme+",
    "+builder",
    "acme+b",
    "Acme+builder",
    "acme+Builder",
    "acme++builder",
    "acme+build+er",
    "acme/x+builder",
    "acme+builder ",
    "acme$builder",
    "acme:x+builder",
  ])("%j is none", (text) => {
    expect(splitRobotName(text)).toBeUndefined();
    expect(isRobotName(text)).toBe(false);
  });
});
