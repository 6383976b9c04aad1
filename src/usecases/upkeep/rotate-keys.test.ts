import { describe, expect, it } from "vitest";
import { aRegistry } from "../../../test/support/baseline.ts";
import { aKeyWorld, anInstance, KEY_TEST_NOW } from "../../../test/support/key-world.ts";
import { type Rotation, rotateKeys } from "./rotate-keys.ts";

const ZOT = "zot.example.com";
const PUBLISH_KID: Rotation = { use: "kid", step: "publish" };
const ACTIVATE_KID: Rotation = { use: "kid", step: "activate" };

async function aWorld() {
  const world = await aKeyWorld();
  world.store.registries.push(aRegistry({ service: ZOT, tokenForm: "pinned" }), aRegistry());
  const rotate = (rotation: Rotation) => rotateKeys(world.deps, rotation, "request-1");
  const statuses = () => Object.fromEntries(world.store.keys().map(({ name, status }) => [name, status]));
  return { ...world, rotate, statuses };
}

describe("rotateKeys", () => {
  it("makes a leaf that signs at once", async () => {
    const { rotate, statuses, store } = await aWorld();
    expect(await rotate({ use: "x5c" })).toMatchObject({
      ok: true,
      value: { key: { name: "x5c-1-1", status: "active" }, changed: true },
    });
    await rotate({ use: "x5c" });
    expect(statuses()).toEqual({ "ca-1": "active", "x5c-1-1": "active", "x5c-1-2": "active" });
    expect(store.events.at(-1)).toMatchObject({
      kind: "keys.changed",
      requestId: "request-1",
      detail: "key x5c-1-2: active",
    });
  });

  it.each<{ of: string; name: string; rotation: (step: "publish" | "activate") => Rotation }>([
    { of: "kid registries", name: "kid", rotation: (step) => ({ use: "kid", step }) },
    {
      of: "a pinned registry",
      name: `pinned-${ZOT}`,
      rotation: (step) => ({ use: "pinned", registry: ZOT, step }),
    },
  ])("rotates the key of $of in two steps", async ({ name, rotation }) => {
    const { rotate, statuses, store, clock } = await aWorld();
    const first = await rotate(rotation("publish"));
    expect(first).toMatchObject({ value: { key: { name: `${name}-1`, status: "active" }, changed: true } });
    const second = await rotate(rotation("publish"));
    expect(second).toMatchObject({
      value: { key: { name: `${name}-2`, status: "published" }, changed: true },
    });
    clock.advance(60);
    expect(await rotate(rotation("activate"))).toMatchObject({
      value: { key: { name: `${name}-2`, status: "active" }, changed: true },
    });
    expect(statuses()).toEqual({ "ca-1": "active", [`${name}-1`]: "retired", [`${name}-2`]: "active" });
    expect(store.key(`${name}-1`).retiredAt).toBe(KEY_TEST_NOW + 60);
    expect(store.events.map(({ detail }) => detail).slice(1)).toEqual([
      `key ${name}-1: active`,
      `key ${name}-2: published`,
      `key ${name}-2: active`,
    ]);
  });

  it("publishes one key ahead, however often it is asked", async () => {
    const { rotate, statuses } = await aWorld();
    await rotate(PUBLISH_KID);
    await rotate(PUBLISH_KID);
    expect(await rotate(PUBLISH_KID)).toMatchObject({ value: { key: { name: "kid-2" }, changed: false } });
    expect(statuses()).toEqual({ "ca-1": "active", "kid-1": "active", "kid-2": "published" });
  });

  it("leaves one new key when two publish at one moment", async () => {
    const { rotate, statuses, deps, store } = await aWorld();
    await rotate(PUBLISH_KID);
    const other = anInstance(store);
    const both = await Promise.all([
      rotateKeys(deps, PUBLISH_KID, "request-2"),
      rotateKeys(other.deps, PUBLISH_KID, "request-3"),
    ]);
    expect(both.map((result) => result.ok && result.value.changed).toSorted()).toEqual([false, true]);
    expect(statuses()).toEqual({ "ca-1": "active", "kid-1": "active", "kid-2": "published" });
  });

  it.each<{ when: string; before: Rotation[]; rotation: Rotation; error: string }>([
    { when: "there is no key", before: [], rotation: ACTIVATE_KID, error: "no key is published" },
    {
      when: "none is published",
      before: [PUBLISH_KID],
      rotation: ACTIVATE_KID,
      error: "no key is published",
    },
    {
      when: "the registry is unknown",
      before: [],
      rotation: { use: "pinned", registry: "elsewhere.example.com", step: "publish" },
      error: "no such registry with a pinned key",
    },
    {
      when: "the registry is of another form",
      before: [],
      rotation: { use: "pinned", registry: "registry.example.com", step: "publish" },
      error: "no such registry with a pinned key",
    },
  ])("refuses when $when", async ({ before, rotation, error }) => {
    const { rotate, store } = await aWorld();
    for (const each of before) await rotate(each);
    const keys = store.keys();
    expect(await rotate(rotation)).toEqual({ ok: false, error: expect.stringContaining(error) });
    expect(store.keys()).toEqual(keys);
  });

  it("refuses a leaf without a CA", async () => {
    const { deps, store } = anInstance();
    expect(await rotateKeys(deps, { use: "x5c" }, "request-1")).toEqual({
      ok: false,
      error: "there is no CA yet: start Berth, or run `berth keys init`",
    });
    expect(store.names()).toEqual([]);
  });

  it("ends an activation that a crash cut off between its writes", async () => {
    const { rotate, statuses, store } = await aWorld();
    await rotate(PUBLISH_KID);
    await rotate(PUBLISH_KID);
    store.put({ ...store.key("kid-2"), status: "active" });
    expect(await rotate(ACTIVATE_KID)).toMatchObject({ ok: true, value: { key: { name: "kid-2" } } });
    expect(statuses()).toEqual({ "ca-1": "active", "kid-1": "retired", "kid-2": "active" });
  });

  it("activates the key that was published, though a newer one had to sign meanwhile", async () => {
    const { rotate, statuses, ring, store } = await aWorld();
    await rotate(PUBLISH_KID);
    await rotate(PUBLISH_KID);
    await store.directory.removeKey("kid-1");
    await ring.signingKey(aRegistry({ tokenForm: "kid" }));
    expect(await rotate(ACTIVATE_KID)).toMatchObject({ ok: true, value: { key: { name: "kid-2" } } });
    expect(statuses()).toEqual({ "ca-1": "active", "kid-2": "active", "kid-3": "retired" });
  });

  it("does not prolong the hour of a retired key", async () => {
    const { rotate, store, clock } = await aWorld();
    for (const rotation of [PUBLISH_KID, PUBLISH_KID, ACTIVATE_KID, PUBLISH_KID]) await rotate(rotation);
    clock.advance(60);
    await rotate(ACTIVATE_KID);
    expect(store.key("kid-1").retiredAt).toBe(KEY_TEST_NOW);
    expect(store.key("kid-2").retiredAt).toBe(KEY_TEST_NOW + 60);
  });

  it("removes a retired key after its hour", async () => {
    const { rotate, store, clock } = await aWorld();
    for (const rotation of [PUBLISH_KID, PUBLISH_KID, ACTIVATE_KID]) await rotate(rotation);
    clock.advance(3599);
    await rotate(PUBLISH_KID);
    expect(store.names()).toEqual(["ca-1", "kid-1", "kid-2", "kid-3"]);
    clock.advance(1);
    await rotate(PUBLISH_KID);
    expect(store.names()).toEqual(["ca-1", "kid-2", "kid-3"]);
  });

  it("does not go on when the store loses what it has taken", async () => {
    const { rotate, store } = await aWorld();
    store.directory.addKey = async () => true;
    await expect(rotate(PUBLISH_KID)).rejects.toThrow("the directory lost the key kid-1");
  });
});
