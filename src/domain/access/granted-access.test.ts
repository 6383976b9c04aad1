import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SERVICE } from "../../../test/support/baseline.ts";
import { type DockerScope, parseDockerScopes } from "./docker-scope.ts";
import { type Access, type AccessEntry, formatAccess, intersectAccess } from "./granted-access.ts";
import { ACTIONS, type Action, allowedActions, type Grant } from "./permission.ts";

const grant = (repository: string, ...actions: Action[]): Grant => ({
  registry: SERVICE,
  repository,
  actions,
});
const holding = (...grants: Grant[]): Access => ({ grants, catalog: false });
const entry = (name: string, ...actions: Action[]): AccessEntry => ({ type: "repository", name, actions });

describe("intersectAccess", () => {
  const writer = holding(grant("acme/*", "pull", "push"));
  const reader = holding(grant("acme/app", "pull"));
  const lister: Access = { grants: [], catalog: true };

  it.each<{ asked: string; held: Access[]; access: AccessEntry[] }>([
    { asked: "", held: [writer], access: [] },
    { asked: "repository:acme/app:pull", held: [writer], access: [entry("acme/app", "pull")] },
    { asked: "repository:acme/app:pull,push", held: [writer], access: [entry("acme/app", "pull", "push")] },
    { asked: "repository:acme/app:push,pull", held: [reader], access: [entry("acme/app", "pull")] },
    { asked: "repository:acme/app:push", held: [reader], access: [] },
    { asked: "repository:acme/app:*", held: [writer], access: [entry("acme/app", "pull", "push")] },
    { asked: "repository:acme/app:pull,push", held: [writer, reader], access: [entry("acme/app", "pull")] },
    { asked: "repository:acme/app:pull,push", held: [reader, writer], access: [entry("acme/app", "pull")] },
    { asked: "repository:acme/web:pull", held: [writer, reader], access: [] },
    { asked: "repository:acme/app:pull", held: [holding(), writer], access: [] },
    // Held by nobody is not held by all.
    { asked: "repository:acme/app:pull registry:catalog:*", held: [], access: [] },
    // A mount from a repository out of reach is left out, and the push goes on.
    {
      asked: "repository:acme/app:pull,push repository:other/base:pull",
      held: [writer],
      access: [entry("acme/app", "pull", "push")],
    },
    { asked: "repository:acme/application:pull", held: [reader], access: [] },
    { asked: "repository:acme/*:pull", held: [writer], access: [] },
    { asked: "repository:acme/../other:pull", held: [holding(grant("acme/**", "pull"))], access: [] },
    { asked: "repository:acme/App:pull", held: [writer], access: [] },
    { asked: "image:acme/app:pull", held: [writer], access: [] },
    { asked: "registry:catalog:*", held: [writer], access: [] },
    {
      asked: "registry:catalog:*",
      held: [lister],
      access: [{ type: "registry", name: "catalog", actions: ["*"] }],
    },
    { asked: "registry:catalog:*", held: [lister, writer], access: [] },
    { asked: "registry:catalog:pull", held: [lister], access: [] },
  ])("gives $access for '$asked'", ({ asked, held, access }) => {
    expect(intersectAccess(parseDockerScopes([asked]), SERVICE, held)).toEqual(access);
  });

  it("gives nothing of one registry at another", () => {
    expect(
      intersectAccess(parseDockerScopes(["repository:acme/app:pull"]), "other.example.com", [writer]),
    ).toEqual([]);
  });

  const name = fc.constantFrom(
    "app",
    "acme/app",
    "acme/web",
    "acme/app/web",
    "other/app",
    "acme/*",
    "Acme/app",
  );
  const asked = fc.array(
    fc.record<DockerScope>({
      type: fc.constantFrom("repository", "registry"),
      name: fc.oneof(name, fc.constant("catalog")),
      actions: fc.array(fc.constantFrom(...ACTIONS, "*", "metadata"), { minLength: 1 }),
    }),
    { maxLength: 5 },
  );
  const access = fc.record<Access>({
    grants: fc.array(
      fc.record<Grant>({
        registry: fc.constantFrom(SERVICE, "other.example.com"),
        repository: fc.constantFrom("*", "acme/*", "acme/**", "acme/app", "other/app"),
        actions: fc.uniqueArray(fc.constantFrom(...ACTIONS)),
      }),
    ),
    catalog: fc.boolean(),
  });

  const isWithin = (one: AccessEntry, held: Access) =>
    one.type === "registry"
      ? held.catalog
      : one.actions.every((action) =>
          allowedActions(held.grants, SERVICE, one.name).some((each) => each === action),
        );

  it("never gives more than any of those held allows, nor what was not asked", () => {
    return fc.assert(
      fc.property(asked, fc.array(access, { minLength: 1, maxLength: 3 }), (scopes, held) => {
        for (const one of intersectAccess(scopes, SERVICE, held)) {
          expect(held.filter((each) => !isWithin(one, each))).toEqual([]);
          const wanted = scopes.filter((scope) => scope.type === one.type && scope.name === one.name);
          const missing = one.actions.filter(
            (action) => !wanted.some(({ actions }) => actions.includes(action) || actions.includes("*")),
          );
          expect(missing).toEqual([]);
        }
      }),
    );
  });

  it("never widens when one more is held", () => {
    return fc.assert(
      fc.property(asked, fc.array(access, { minLength: 1, maxLength: 3 }), access, (scopes, held, more) => {
        const before = intersectAccess(scopes, SERVICE, held).flatMap(oneByOne);
        const after = intersectAccess(scopes, SERVICE, [...held, more]).flatMap(oneByOne);
        expect(after.filter((each) => !before.includes(each))).toEqual([]);
      }),
    );
  });
});

function oneByOne({ type, name, actions }: AccessEntry): string[] {
  return actions.map((action) => `${type}:${name}:${action}`);
}

describe("formatAccess", () => {
  it.each<{ held: string; access: Access; text: string }>([
    { held: "nothing", access: holding(), text: "" },
    {
      held: "one grant",
      access: holding(grant("acme/app", "pull", "push")),
      text: "repository:acme/app:pull,push",
    },
    {
      held: "two grants",
      access: holding(grant("acme/app", "pull"), grant("acme/**", "push")),
      text: "repository:acme/app:pull repository:acme/**:push",
    },
    {
      held: "the same at two registries",
      access: holding(grant("acme/app", "pull"), {
        registry: "other.example.com",
        repository: "acme/app",
        actions: ["pull"],
      }),
      text: "repository:acme/app:pull",
    },
    { held: "the catalogue", access: { grants: [], catalog: true }, text: "registry:catalog:*" },
    {
      held: "a grant and the catalogue",
      access: { grants: [grant("acme/app", "pull")], catalog: true },
      text: "repository:acme/app:pull registry:catalog:*",
    },
  ])("of $held is '$text'", ({ access, text }) => {
    expect(formatAccess(access)).toBe(text);
  });
});
