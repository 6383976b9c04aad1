import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aRegistry, ISSUER_URL, SERVICE } from "../../../test/support/baseline.ts";
import { ManagementWorld } from "../../../test/support/management-world.ts";
import { readKnownSystem } from "./known-system.ts";

let world: ManagementWorld;
beforeEach(async () => {
  world = new ManagementWorld();
  await world.put({
    registries: [aRegistry(), aRegistry({ service: "own.example.com", managedBy: "apply:default" })],
  });
});
afterEach(() => world.close());

describe("readKnownSystem", () => {
  it.each([
    { client: "default", prune: false, registries: [SERVICE, "own.example.com"] },
    { client: "default", prune: true, registries: [SERVICE] },
    { client: "other", prune: true, registries: [SERVICE, "own.example.com"] },
  ])("for $client, prune $prune, is $registries", async ({ client, prune, registries }) => {
    const known = await readKnownSystem(world.deps, { client, prune });
    expect(known.ok && known.value.registries.toSorted()).toEqual(registries.toSorted());
    expect(known.ok && known.value.issuers.map(({ url }) => url)).toEqual([ISSUER_URL]);
  });

  it("is refused as unavailable where the store does not answer", async () => {
    world.breakStore();
    expect(await readKnownSystem(world.deps, { client: "default", prune: false })).toMatchObject({
      ok: false,
      error: { reason: "store_unavailable" },
    });
  });
});
