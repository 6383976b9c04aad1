import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ApplyWorld, declaring, OWNED } from "../../../test/support/apply-world.ts";
import { aDeclaration } from "../../../test/support/declaration-store.ts";
import { AN_OPERATOR } from "../../../test/support/management-world.ts";

let world: ApplyWorld;
beforeEach(async () => {
  world = await ApplyWorld.with({ robots: [OWNED] });
});
afterEach(() => world.close());

const READER = { caller: { scopes: ["org:read"] as const } };
const UNTOUCHED = { refused: [], digest: expect.stringMatching(/^[0-9a-f]{64}$/) };

describe("planDeclaration", () => {
  it("shows a reader what would become of each object, and writes nothing", async () => {
    const declaration = declaring([{ description: "new" }, { name: "acme+other", rules: [] }]);
    expect(await world.plan(declaration, READER)).toMatchObject({
      ok: true,
      value: {
        ...UNTOUCHED,
        objects: [
          { kind: "namespace", name: "acme", outcome: "unchanged" },
          {
            name: "acme+builder",
            outcome: "changed",
            before: { description: "" },
            after: { description: "new" },
          },
          { name: "acme+other", outcome: "created", after: { managedBy: "apply:default" } },
        ],
      },
    });
    expect(await world.events()).toEqual([]);
    expect(await world.robot("acme+other")).toBeUndefined();
  });

  it("is the same plan each time, and for whoever may see as much", async () => {
    const declaration = declaring([{ rules: [], description: "new" }, { name: "acme+other" }]);
    const first = await world.plan(declaration, READER);
    world.clock.advance(60_000);
    expect(await world.plan(declaration)).toEqual(first);
  });

  it("says what stands against it", async () => {
    await world.put({ robots: [{ name: "acme+theirs", uid: "theirs-uid" }] });
    const planned = await world.plan(declaring([{ name: "acme+theirs" }]), READER);
    expect(planned).toMatchObject({
      ok: true,
      value: {
        objects: [
          { kind: "namespace" },
          { name: "acme+theirs", outcome: "conflict", managedBy: "api" },
          { name: "acme+builder", outcome: "removed" },
        ],
        refused: [
          {
            kind: "robot",
            name: "acme+theirs",
            reason: "managed_elsewhere",
            sentence: "is managed by api",
          },
        ],
      },
    });
  });

  it("shows nothing of a namespace that is not the caller's, not even whether it is there", async () => {
    const beta = { name: "beta", kind: "organization", enabled: true, robots: [] } as const;
    const namespaces = [...declaring([]).namespaces, beta];
    for (const caller of [{ namespaces: ["other"] }, { scopes: ["audit:read" as const] }]) {
      expect(await world.plan(declaring([], { namespaces }), { caller })).toEqual({
        ok: false,
        error: {
          reason: "insufficient_scope",
          detail: "namespace acme is not among the API token's, and 1 more",
          objects: ["acme", "beta"].map((name) => ({
            kind: "namespace",
            name,
            reason: "insufficient_scope",
            sentence: "is not among the API token's",
          })),
        },
      });
    }
  });

  it("tells an operator alone who else uses what is to go", async () => {
    const empty = new ApplyWorld();
    await empty.applied(aDeclaration(), { caller: AN_OPERATOR });
    await empty.put({ robots: [{ name: "acme+theirs", uid: "theirs-uid" }], registries: [] });
    // The set-up's issuer is nobody's now; the registry is still the client's.
    const planned = async (caller: typeof AN_OPERATOR | undefined) => {
      const plan = await empty.plan(declaring([]), { prune: true, ...(caller && { caller }) });
      return plan.ok ? plan.value.refused.map(({ reason }) => reason) : plan.error;
    };
    expect(await planned(AN_OPERATOR)).toContain("in_use");
    expect(await planned(undefined)).not.toContain("in_use");
    empty.close();
  });

  it("is refused as unavailable where the store does not answer", async () => {
    world.breakStore();
    expect(await world.plan(declaring([{}]))).toMatchObject({
      ok: false,
      error: { reason: "store_unavailable" },
    });
  });
});
