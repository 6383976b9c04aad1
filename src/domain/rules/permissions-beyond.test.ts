import { expect, it } from "vitest";
import { ISSUER_URL, SERVICE } from "../../../test/support/baseline.ts";
import { aLintedIssuer, aSafeRule } from "../../../test/support/linted-rule.ts";
import type { Permission } from "../access/permission.ts";
import { permissionsLeftBeyond } from "./permissions-beyond.ts";

const may = (repository: string): Permission => ({ registry: SERVICE, repository, role: "write" });
const ISSUERS = new Map([[ISSUER_URL, aLintedIssuer()]]);

/** Where what is left beyond stands, of rules that each name these permissions. */
function left(
  rules: readonly (readonly string[] | undefined)[],
  before: readonly string[],
  after: readonly string[],
  issuers = ISSUERS,
): readonly string[] {
  const declared = rules.map((names) =>
    names === undefined ? aSafeRule() : aSafeRule({ permissions: names.map(may) }),
  );
  return permissionsLeftBeyond(declared, issuers, before.map(may), after.map(may)).map(
    ({ ruleIndex, at, code }) => `${[ruleIndex, ...at].join(" ")}: ${code}`,
  );
}

it.each([
  { change: "that keeps all", before: ["acme/**"], after: ["acme/*"], found: [] },
  {
    change: "that takes one away",
    before: ["acme/app", "acme/web"],
    after: ["acme/web"],
    found: ["1 permissions 0: permission-beyond-robot", "2 permissions 1: permission-beyond-robot"],
  },
  { change: "that gives more", before: ["acme/web"], after: ["acme/web", "acme/other"], found: [] },
  {
    change: "that takes another away than was missing",
    before: ["acme/web"],
    after: ["acme/app"],
    found: ["2 permissions 0: permission-beyond-robot"],
  },
])("leaves beyond the robot's permissions, by a change $change: $found", ({ before, after, found }) => {
  expect(left([undefined, ["acme/app"], ["acme/web", "acme/app"]], before, after)).toEqual(found);
});

it("says nothing else of the rules", () => {
  expect(left([["acme/{no_such}"], ["acme/{repository_name}"]], ["acme/*"], ["acme/*"])).toEqual([]);
});

it("does not judge a rule whose issuer is not known", () => {
  expect(left([["acme/app"]], ["acme/app"], [], new Map())).toEqual([]);
});
