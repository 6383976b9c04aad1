import { describe, expect, it } from "vitest";
import { SERVICE } from "../../../test/support/baseline.ts";
import { aLintContext, aLintedIssuer, aSafeRule, findingsOf } from "../../../test/support/linted-rule.ts";
import type { Permission, Role } from "../access/permission.ts";
import { generic } from "../identity/profiles/generic.ts";
import { github } from "../identity/profiles/github.ts";
import { lintRules } from "./rule-lint.ts";

const may = (repository: string, role: Role = "write", registry = SERVICE): Permission => ({
  registry,
  repository,
  role,
});
const permissionsOf = (
  permission: Permission,
  claims: Record<string, readonly string[]>,
  robot = [may("acme/*")],
) =>
  findingsOf(
    [aSafeRule({ claims, permissions: [may("acme/base"), permission] })],
    aLintContext(aLintedIssuer(), { robotPermissions: [...robot, may("acme/base")] }),
  );
const ID = { repository_owner_id: ["42"] };

describe("a permission of a rule", () => {
  it.each([
    { permission: may("acme/app"), found: [] },
    { permission: may("acme/app", "read"), found: [] },
    { permission: may("acme/app", "admin"), found: ["0 permissions 1: permission-beyond-robot"] },
    { permission: may("acme/a/b"), found: ["0 permissions 1: permission-beyond-robot"] },
    { permission: may("acme/app", "write", "other"), found: ["0 permissions 1: permission-beyond-robot"] },
    { permission: may("acme/{repository_name}"), found: [] },
    { permission: may("acme/{repository}"), found: ["0 permissions 1: permission-beyond-robot"] },
    { permission: may("acme/{owner}"), found: ["0 permissions 1 repository: unknown-variable"] },
    { permission: may("acme/{constructor}"), found: ["0 permissions 1 repository: unknown-variable"] },
  ])("is judged by the robot's: $permission.repository, $permission.role", ({ permission, found }) => {
    expect(permissionsOf(permission, ID)).toEqual(found);
  });

  it("may hold a whole path where the robot's permission takes in slashes", () => {
    expect(permissionsOf(may("acme/{repository}"), ID, [may("acme/**")])).toEqual([]);
  });
});

describe("a variable", () => {
  const TEMPLATE = "0 permissions 1 repository: template-without-tenant";

  it.each<{ claims: Record<string, readonly string[]>; found: readonly string[] }>([
    { claims: { repository_owner_id: ["42"] }, found: [] },
    { claims: { repository_id: ["1", "2"], repository_owner_id: ["42"] }, found: [] },
    { claims: { repository_owner_id: ["42", "43"] }, found: [TEMPLATE] },
    { claims: { enterprise_id: ["7"] }, found: [TEMPLATE] },
    {
      claims: { repository_owner: ["acme"] },
      found: [TEMPLATE, "0 subject: recyclable-name", "0 claims repository_owner: recyclable-name"],
    },
    {
      claims: { repository_owner_id: ["4*"], repository: ["acme/app"] },
      found: [
        "0 claims repository_owner_id: pattern-on-id",
        TEMPLATE,
        "0 subject: recyclable-name",
        "0 claims repository: recyclable-name",
      ],
    },
  ])("needs one tenant's id: $claims", ({ claims, found }) => {
    expect(permissionsOf(may("acme/{repository_name}"), claims)).toEqual(found);
  });

  it("is explained by those that the family has", () => {
    const rule = aSafeRule({ claims: ID, permissions: [may("acme/{x}")] });
    const mends = [github, generic].map((profile) =>
      lintRules([rule], aLintContext(aLintedIssuer(profile, { shared: false }))).map(
        ({ sentence, mend }) => `${sentence}; ${mend}`,
      ),
    );
    expect(mends).toEqual([
      [
        `has {x}, which is no variable of the profile github; write one of ${Object.keys(github.variables)
          .map((name) => `{${name}}`)
          .join(", ")}`,
      ],
      ["has {x}, which is no variable of the profile generic; write the repository; this profile has none"],
    ]);
  });
});
