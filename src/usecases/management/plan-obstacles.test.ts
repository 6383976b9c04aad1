import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ApplyWorld, declaring } from "../../../test/support/apply-world.ts";
import { aRobot } from "../../../test/support/baseline.ts";
import { aDeclaration } from "../../../test/support/declaration-store.ts";
import { AN_OPERATOR } from "../../../test/support/management-world.ts";
import type { DeclaredRobot } from "../../domain/accounts/declaration.ts";

let world: ApplyWorld;
beforeEach(async () => {
  world = await ApplyWorld.with();
});
afterEach(() => world.close());

const ALL = { caller: AN_OPERATOR };

describe("another owner's object", () => {
  it("stands against the whole, by its owner's name", async () => {
    await world.put({ robots: [{}, { name: "acme+theirs", uid: "theirs-uid", managedBy: "apply:theirs" }] });
    const robots: Partial<DeclaredRobot>[] = [
      { description: "new" },
      { name: "acme+theirs" },
      { name: "acme+mine" },
    ];
    expect(await world.apply(declaring(robots))).toEqual({
      ok: false,
      error: {
        reason: "managed_elsewhere",
        detail: "robot acme+builder is managed by api, and 1 more",
        objects: [
          { kind: "robot", name: "acme+builder", reason: "managed_elsewhere", sentence: "is managed by api" },
          {
            kind: "robot",
            name: "acme+theirs",
            reason: "managed_elsewhere",
            sentence: "is managed by apply:theirs",
          },
        ],
      },
    });
    expect(await world.events()).toEqual([]);
  });
});

describe("a reserved name", () => {
  const beta = { name: "beta", kind: "organization", enabled: true, robots: [] } as const;
  const declaration = declaring([], { namespaces: [beta] });

  it("is not taken before it is released", async () => {
    await world.applied(declaration, ALL);
    await world.applied(declaring([], { namespaces: [] }), { ...ALL, prune: true });
    const before = await world.events();
    expect(await world.apply(declaration, ALL)).toMatchObject({
      ok: false,
      error: {
        reason: "name_reserved",
        detail: "namespace beta is reserved: a namespace of that name was removed",
      },
    });
    expect(await world.events()).toEqual(before);
  });
});

describe("issuers and registries that are to go", () => {
  const whole = aDeclaration({ namespaces: declaring([{}]).namespaces });
  const nothing = declaring([], { namespaces: [] });
  const prune = { ...ALL, prune: true };
  beforeEach(async () => {
    world.close();
    world = new ApplyWorld();
    await world.applied(whole, ALL);
  });

  it("go with what names them", async () => {
    expect(await world.applied(nothing, prune)).toEqual([
      "namespace acme removed",
      "robot acme+builder removed",
      "issuer https://issuer.example.com removed",
      "registry registry.example.com removed",
    ]);
    expect(await world.directory.readSystem()).toMatchObject({ issuers: [], registries: [] });
  });

  it("go where what names them is changed in the same run", async () => {
    const robots = [{ permissions: [], rules: [] }];
    await world.applied(declaring(robots), prune);
    expect(await world.directory.readSystem()).toMatchObject({ issuers: [], registries: [] });
  });

  it("go while rules and permissions name others", async () => {
    const [issuer] = whole.issuers;
    const [registry] = whole.registries;
    if (issuer === undefined || registry === undefined) throw new Error("no issuer, or no registry");
    const more = {
      ...whole,
      issuers: [issuer, { ...issuer, url: "https://unused.example.com" }],
      registries: [registry, { ...registry, service: "unused.example.com" }],
    };
    await world.applied(more, ALL);
    expect(await world.applied(whole, prune)).toEqual(
      expect.arrayContaining([
        "issuer https://unused.example.com removed",
        "registry unused.example.com removed",
      ]),
    );
  });

  it("stay while somebody else's rules and permissions name them, and nothing is written", async () => {
    const records = await world.directory.readNamespace("acme");
    if (records === undefined) throw new Error("no acme");
    const robot = aRobot({ name: "acme+theirs", uid: "theirs-uid", managedBy: "api" });
    await world.directory.commitNamespace({
      name: "acme",
      fromRevision: records.revision,
      namespace: records.namespace,
      putRobots: [robot],
      removeRobots: [],
      event: { kind: "directory.changed", at: 0, requestId: "set-up" },
    });
    const before = await world.events();
    expect(await world.apply(declaring([]), prune)).toMatchObject({
      ok: false,
      error: {
        reason: "in_use",
        objects: [
          { kind: "issuer", reason: "in_use", sentence: "is in use: rules that name it: 1" },
          { kind: "registry", reason: "in_use", sentence: "is in use: permissions that name it: 1" },
        ],
      },
    });
    expect(await world.events()).toEqual(before);
  });
});
