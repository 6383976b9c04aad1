import { describe, expect, it } from "vitest";
import { SERVICE } from "../../../test/support/baseline.ts";
import { type Action, allowedActions, type Grant, grantOf, type Role } from "./permission.ts";

describe("grantOf", () => {
  it.each<{ role: Role; actions: Action[] }>([
    { role: "read", actions: ["pull"] },
    { role: "write", actions: ["pull", "push"] },
    { role: "admin", actions: ["pull", "push", "delete"] },
  ])("reads $role as $actions", ({ role, actions }) => {
    expect(grantOf({ registry: SERVICE, repository: "acme/*", role })).toEqual({
      registry: SERVICE,
      repository: "acme/*",
      actions,
    });
  });
});

describe("allowedActions", () => {
  const grant = (repository: string, ...actions: Action[]): Grant => ({
    registry: SERVICE,
    repository,
    actions,
  });

  it.each<{ held: string; grants: Grant[]; allowed: Action[] }>([
    { held: "nothing", grants: [], allowed: [] },
    { held: "the repository", grants: [grant("acme/app", "pull")], allowed: ["pull"] },
    { held: "a pattern of it", grants: [grant("acme/*", "pull", "push")], allowed: ["pull", "push"] },
    { held: "a longer name", grants: [grant("acme/app2", "pull")], allowed: [] },
    { held: "a shorter name", grants: [grant("acme/ap", "pull")], allowed: [] },
    { held: "another namespace", grants: [grant("other/*", "pull")], allowed: [] },
    {
      held: "grants in another order",
      grants: [grant("acme/app", "delete", "pull")],
      allowed: ["pull", "delete"],
    },
    {
      held: "several grants",
      grants: [grant("acme/app", "push"), grant("acme/**", "pull"), grant("acme/web", "delete")],
      allowed: ["pull", "push"],
    },
  ])("of one who holds $held: $allowed", ({ grants, allowed }) => {
    expect(allowedActions(grants, SERVICE, "acme/app")).toEqual(allowed);
  });

  it("are none at another registry", () => {
    expect(allowedActions([grant("acme/app", "pull")], "other.example.com", "acme/app")).toEqual([]);
  });
});
