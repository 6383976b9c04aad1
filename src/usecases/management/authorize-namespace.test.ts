import { afterEach, describe, expect, it } from "vitest";
import { ApplyWorld, declaring, OWNED } from "../../../test/support/apply-world.ts";
import { aDeclaration } from "../../../test/support/declaration-store.ts";
import { A_JOB, AN_OPERATOR } from "../../../test/support/management-world.ts";
import type { Caller } from "../../domain/accounts/caller.ts";
import type { Declaration } from "../../domain/accounts/declaration.ts";

let world: ApplyWorld;
afterEach(() => world.close());

/** What no rule can grant. */
const GRANTED: Partial<Caller> = { actor: A_JOB.actor, exchanged: true, scopes: ["org:admin"] };
const scoped = (...scopes: Caller["scopes"]): Partial<Caller> => ({ scopes });

describe("of a namespace", () => {
  const beta = { name: "beta", kind: "organization", enabled: true, robots: [] } as const;
  const bound: Partial<Caller> = { namespaces: ["acme", "beta"] };

  it.each<{
    what: string;
    namespaces: Declaration["namespaces"];
    caller: Partial<Caller>;
    name: string;
    sentence: string;
  }>([
    { what: "making it", namespaces: [beta], caller: bound, name: "beta", sentence: "needs super:user" },
    {
      what: "making it, by a job",
      namespaces: [beta],
      caller: { ...AN_OPERATOR, exchanged: true },
      name: "beta",
      sentence: "is not for an API token that an identity token earned",
    },
    {
      what: "disabling it",
      namespaces: [{ ...beta, name: "acme", enabled: false }],
      caller: scoped("robots:write", "permissions:write", "rules:write"),
      name: "acme",
      sentence: "needs org:admin",
    },
    {
      what: "disabling it, by a job",
      namespaces: [{ ...beta, name: "acme", enabled: false }],
      caller: GRANTED,
      name: "acme",
      sentence: "is not for an API token that an identity token earned",
    },
    {
      what: "knowing of it",
      namespaces: [beta],
      caller: {},
      name: "beta",
      sentence: "is not among the API token's",
    },
    {
      what: "reading it",
      namespaces: [beta],
      caller: { ...bound, scopes: ["audit:read"] },
      name: "beta",
      sentence: "is not among the API token's",
    },
  ])("$what: $sentence", async ({ namespaces, caller, name, sentence }) => {
    world = await ApplyWorld.with({ namespace: OWNED, robots: [] });
    const objects = [{ kind: "namespace", name, reason: "insufficient_scope", sentence }];
    expect(await world.apply(aDeclaration({ issuers: [], registries: [], namespaces }), { caller })).toEqual({
      ok: false,
      error: { reason: "insufficient_scope", detail: `namespace ${name} ${sentence}`, objects },
    });
    expect(await world.events()).toEqual([]);
  });

  it("its administrator changes and removes it, and an operator makes it", async () => {
    world = await ApplyWorld.with({ namespace: OWNED, robots: [OWNED] });
    const declared = (enabled: boolean) =>
      declaring([{}], { namespaces: [{ ...beta, name: "acme", enabled, robots: [] }] });
    expect(await world.applied(declared(false))).toEqual([
      "namespace acme changed",
      "robot acme+builder removed",
    ]);
    const nothing = declaring([], { namespaces: [] });
    expect(await world.applied(nothing, { prune: true })).toEqual(["namespace acme removed"]);
    expect(await world.applied(declaring([], { namespaces: [beta] }), { caller: AN_OPERATOR })).toEqual([
      "namespace beta created",
    ]);
  });
});

describe("of issuers and registries", () => {
  const declaration = () => aDeclaration({ namespaces: [] });

  it.each<{ what: string; caller: Partial<Caller> }>([
    { what: "a namespace's administrator", caller: { namespaces: "all" } },
    { what: "a job", caller: { ...AN_OPERATOR, exchanged: true } },
  ])("$what writes none", async ({ caller }) => {
    world = new ApplyWorld();
    const fault = { reason: "insufficient_scope", sentence: "needs super:user" };
    expect(await world.apply(declaration(), { caller })).toEqual({
      ok: false,
      error: {
        reason: "insufficient_scope",
        detail: "issuer https://issuer.example.com needs super:user, and 1 more",
        objects: [
          { kind: "issuer", name: "https://issuer.example.com", ...fault },
          { kind: "registry", name: "registry.example.com", ...fault },
        ],
      },
    });
    expect(await world.events()).toEqual([]);
  });

  it("an operator does, and whoever declares them as they are stands in nobody's way", async () => {
    world = new ApplyWorld();
    expect(await world.applied(declaration(), { caller: AN_OPERATOR })).toHaveLength(2);
    expect(await world.applied(declaration())).toEqual([
      "issuer https://issuer.example.com unchanged",
      "registry registry.example.com unchanged",
    ]);
  });
});
