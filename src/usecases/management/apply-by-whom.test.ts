import { afterEach, beforeEach, expect, it } from "vitest";
import { ApplyWorld, declaring } from "../../../test/support/apply-world.ts";
import { A_JOB } from "../../../test/support/management-world.ts";

let world: ApplyWorld;
beforeEach(async () => {
  world = await ApplyWorld.with();
});
afterEach(() => world.close());

it("what the caller may not do in one namespace stops what it may do in another before it", async () => {
  const beta = { name: "beta", kind: "organization", enabled: true, robots: [] } as const;
  const { namespaces } = declaring([{}]);
  const both = declaring([], { namespaces: [...namespaces, beta] });
  const caller = { namespaces: ["acme", "beta"] };
  expect(await world.apply(both, { caller })).toMatchObject({
    ok: false,
    error: { reason: "insufficient_scope", objects: [{ kind: "namespace", name: "beta" }] },
  });
  expect(await world.robot()).toBeUndefined();
  expect(await world.events()).toEqual([]);
});

it("a revision of one client's jobs locks out no other client's", async () => {
  const nothing = declaring([], { namespaces: [] });
  await world.applied({ ...nothing, revision: 9 }, { caller: A_JOB });
  expect(await world.apply({ ...nothing, revision: 8 }, { caller: A_JOB })).toMatchObject({
    error: { reason: "stale_revision" },
  });
  expect(await world.applied({ ...nothing, revision: 8 }, { caller: A_JOB, client: "other" })).toEqual([]);
});
