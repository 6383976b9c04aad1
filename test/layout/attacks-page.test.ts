import { describe, expect, it } from "vitest";
import { claimsIn } from "../../scripts/attack-claims.ts";
import { ATTACK_GROUPS, type AttackGroup } from "../../scripts/attacks.ts";
import { attackProblems, attacksPage } from "../../scripts/attacks-page.ts";

const FILE = "test/x.test.ts";
const TAG = "// attack";

const claims = (...lines: readonly string[]) => claimsIn(FILE, lines.join("\n"));

describe("a claim", () => {
  it.each([
    { form: "a test", lines: ['it("fails", () => {'], title: "fails" },
    { form: "a test whose title stands below", lines: ["it(", '  "fails", () => {'], title: "fails" },
    { form: "a table", lines: ["it.each([", "  1,", '])("fails for %s", () => {'], title: "fails for %s" },
    { form: "a table on one line", lines: ['it.each([1])("fails for %s", () => {'], title: "fails for %s" },
    {
      form: "a table whose title stands below",
      lines: ["it.each([1])(", '  "fails for %s",', "  () => {"],
      title: "fails for %s",
    },
    { form: "a typed table", lines: ["it.each<Row>(", "  rows,", ')("fails", () => {'], title: "fails" },
    { form: "a group", lines: ['describe("what fails", () => {'], title: "what fails" },
  ])("of $form has its title", ({ lines, title }) => {
    expect(claims(`${TAG} 7`, ...lines)).toEqual([{ number: 7, file: FILE, title }]);
  });

  it("has the title of the group around it, and may be of several attacks", () => {
    expect(claims('describe("a token", () => {', `  ${TAG} 7, 8`, '  it("fails", () => {')).toEqual([
      { number: 7, file: FILE, title: "a token: fails" },
      { number: 8, file: FILE, title: "a token: fails" },
    ]);
  });

  it.each(["const rows = [", "", `${TAG} 8`])("above %j is a mistake", (line) => {
    expect(() => claims(`${TAG} 7`, line)).toThrow(`${FILE}:1: no test stands under this tag`);
  });

  it.each([`${TAG} seven`, `${TAG}s 7`, `${TAG} 7.`, `x ${TAG} 7`])("is not made by %j", (line) => {
    expect(claims(line, 'it("fails", () => {')).toEqual([]);
  });
});

const GROUPS: readonly AttackGroup[] = [
  {
    name: "Replay",
    attacks: [
      { number: 1, title: "again" },
      { number: 2, title: "later", note: "because" },
    ],
  },
];
const CLAIM = { number: 1, file: FILE, title: "a | token" };

describe("the checklist", () => {
  it("has the numbers 1 to 92, each once and in order", () => {
    const numbers = ATTACK_GROUPS.flatMap((group) => group.attacks.map(({ number }) => number));
    expect(numbers).toEqual(Array.from({ length: 92 }, (_, at) => at + 1));
  });

  it("is at peace when each attack has a test or a reason", () => {
    expect(attackProblems(GROUPS, [CLAIM])).toEqual([]);
  });

  it("misses an attack that has neither", () => {
    expect(attackProblems(GROUPS, [])).toEqual(["attack 1 (again) has neither a test nor a reason"]);
  });

  it("knows no attack of another number", () => {
    expect(attackProblems(GROUPS, [CLAIM, { ...CLAIM, number: 3 }])).toEqual([
      `${FILE}: "a | token" claims attack 3, which is not on the list`,
    ]);
  });
});

it("the page shows each attack with its tests or its reason", () => {
  const page = attacksPage(GROUPS, [CLAIM, { ...CLAIM, number: 2 }]);
  expect(page).toContain("2 attacks: 2 with a test, 0 with a reason alone.");
  expect(page).toContain(`| 1 | again | [x](../${FILE}) “a \\| token” |`);
  expect(page).toContain(`| 2 | later | [x](../${FILE}) “a \\| token”<br>note: because |`);
  expect(attacksPage(GROUPS, [CLAIM])).toContain("| 2 | later | Because |");
});
