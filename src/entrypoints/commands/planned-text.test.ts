import { describe, expect, it } from "vitest";
import { appliedText, changesOf, type Plan, planText } from "./planned-text.ts";

type PlannedObject = Plan["objects"][number];

function anObject(change: Partial<PlannedObject> = {}): PlannedObject {
  return { kind: "robot", name: "acme+builder", outcome: "changed", findings: [], ...change };
}

function aPlan(objects: readonly PlannedObject[], change: Partial<Plan> = {}): Plan {
  return { objects: [...objects], digest: "DIGEST", refused: [], ...change };
}

const plainly = (_: string, text: string) => text;
const linesOf = (plan: Plan) => planText(plan, plainly).split("\n");
const fieldsOf = (before: object, after: object) =>
  linesOf(aPlan([anObject({ before: { ...before }, after: { ...after } })])).slice(1, -2);

describe("planText", () => {
  it("paints what is made, changed and removed, and what stands against it", () => {
    const paint = (colour: string, text: string) => `<${colour}>${text}`;
    const plan = aPlan(
      [
        anObject({ name: "acme+a", outcome: "created" }),
        anObject({ name: "acme+b", before: { permissions: ["x"] }, after: { permissions: ["y"] } }),
        anObject({ name: "acme+c", outcome: "removed", before: { description: "gone" } }),
        anObject({ name: "acme+d", outcome: "conflict", managed_by: "api" }),
      ],
      { refused: [{ kind: "robot", name: "acme+d", sentence: "is managed by api" }] },
    );
    expect(planText(plan, paint).split("\n")).toEqual([
      "<green>+ robot acme+a",
      "<yellow>~ robot acme+b",
      "    permissions:",
      '<red>      - "x"',
      '<green>      + "y"',
      "<red>- robot acme+c",
      "<red>! robot acme+d is managed by api",
      "",
      "Nothing of this can be applied before that is settled. --adopt takes over what is declared and the API made.",
    ]);
    expect(changesOf(plan)).toBe(4);
  });

  it.each([
    [{ enabled: true }, { enabled: false }, ["    enabled: true → false"]],
    [{ pin: "first-use" }, {}, ['    pin: "first-use" → none']],
    [{}, { token: { number: 2 } }, ["    token: { number: 2 }"]],
    [{}, { enabled: true, catalog: false, description: "", rules: [], claims: {} }, []],
    [{}, { enabled: false, catalog: true }, ["    enabled: false", "    catalog: true"]],
    [
      {},
      { rules: [{ enabled: false }, { enabled: true, private_network: true }] },
      ["    rules:", "      + { enabled: false }", "      + { private_network: true }"],
    ],
    [{ keys: { kind: "discovery", jwks_hosts: [] } }, { keys: {} }, ['    keys: { kind: "discovery" } → {}']],
    [{ audiences: ["a"] }, { audiences: [] }, ["    audiences:", '      - "a"']],
    [{}, { ca_pem: "x".repeat(300) }, [`    ca_pem: "${"x".repeat(200)}"…`]],
    [
      { rules: [{ subject: "s", permissions: [] }] },
      { rules: [{ subject: "s" }] },
      ["    rules:", '      - { subject: "s", permissions: [] }', '      + { subject: "s" }'],
    ],
    [
      { rules: [{ claims: { ref: ["a", "b"] } }] },
      { rules: [] },
      ["    rules:", '      - { claims: { ref: ["a", "b"] } }'],
    ],
  ])("shows %j that becomes %j", (before, after, lines) => {
    expect(fieldsOf(before, after)).toEqual(lines);
  });

  it("lets nothing through that a terminal would obey", () => {
    const evil = "\u001b[2J";
    const lines = linesOf(
      aPlan([
        anObject({
          name: evil,
          after: { [`claims${evil}`]: "x", metadata: { [evil]: evil } },
          findings: [{ file: evil, line: 1, column: 1, path: evil, message: evil }],
        }),
      ]),
    );
    expect(lines.join("\n")).not.toContain("\u001b");
  });
});

it("appliedText says what was done", () => {
  const objects = [anObject({ outcome: "created" }), anObject({ outcome: "unchanged" })];
  expect(appliedText({ objects }, plainly)).toBe(
    "+ robot acme+builder\n\n1 created, 0 changed, 0 removed, 1 unchanged.",
  );
});
