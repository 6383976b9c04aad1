import { describe, expect, it } from "vitest";
import { aNamespace, aRegistry } from "../../../test/support/baseline.ts";
import { aKeyWorld, anInstance, KEY_TEST_NOW } from "../../../test/support/key-world.ts";
import { initKeys } from "./init-keys.ts";
import { listKeys } from "./list-keys.ts";

const NO_CA =
  "the store has records but no CA: it may have been restored in part. Restore the keys too, or run " +
  "`berth keys init --new-ca` and give every registry the new CA certificate";

describe("initKeys", () => {
  it("gives a fresh store its CA, with an event", async () => {
    const { deps, store } = anInstance();
    const initialized = await initKeys(deps, { newCa: false }, "request-1");
    const [ca] = await listKeys(deps);
    expect(initialized).toEqual({ ok: true, value: { ca, made: true, removed: [] } });
    expect(ca).toMatchObject({ name: "ca-1", use: "ca", status: "active", createdAt: KEY_TEST_NOW });
    expect(store.events).toEqual([
      {
        kind: "keys.changed",
        at: KEY_TEST_NOW * 1000,
        requestId: "request-1",
        detail: "key ca-1: new CA",
      },
    ]);
  });

  it("leaves a CA that is there", async () => {
    const { deps, store } = await aKeyWorld();
    const [ca] = await listKeys(deps);
    store.namespaces.push(aNamespace());
    expect(await initKeys(deps, { newCa: false }, "request-2")).toEqual({
      ok: true,
      value: { ca, made: false, removed: [] },
    });
    expect(store.events).toHaveLength(1);
  });

  it.each([
    {
      records: "a namespace",
      put: (w: ReturnType<typeof anInstance>) => w.store.namespaces.push(aNamespace()),
    },
    {
      records: "a registry",
      put: (w: ReturnType<typeof anInstance>) => w.store.registries.push(aRegistry()),
    },
    { records: "another key", put: (w: ReturnType<typeof anInstance>) => w.ring.jwks() },
  ])("makes no CA for a store that has $records, unless told to", async ({ put }) => {
    const world = anInstance();
    await put(world);
    const before = world.store.names();
    expect(await initKeys(world.deps, { newCa: false }, "request-1")).toEqual({ ok: false, error: NO_CA });
    expect(world.store.names()).toEqual(before);
    expect(await initKeys(world.deps, { newCa: true }, "request-1")).toMatchObject({
      ok: true,
      value: { made: true, removed: [] },
    });
    expect(world.store.names()).toEqual(["ca-1", ...before]);
  });

  it("puts the old CA and its leaves out of use with a new one, and keeps what others hold", async () => {
    const { deps, store, ring } = await aKeyWorld();
    await ring.signingKey(aRegistry());
    await ring.jwks();
    const initialized = await initKeys(deps, { newCa: true }, "request-2");
    expect(initialized).toMatchObject({
      ok: true,
      value: { ca: { name: "ca-2" }, made: true, removed: ["ca-1", "x5c-1-1"] },
    });
    expect(store.names()).toEqual(["ca-2", "kid-1"]);
    expect(store.events.map(({ detail }) => detail)).toEqual([
      "key ca-1: new CA",
      "key ca-2: new CA",
      "key ca-1: removed",
      "key x5c-1-1: removed",
    ]);
  });

  it("removes with a new CA what no encryption key opens any more", async () => {
    const { ring, store, clock } = await aKeyWorld();
    await ring.jwks();
    const other = { id: "other", key: new Uint8Array(32).fill(1) };
    const initialized = await initKeys(anInstance(store, clock, [other]).deps, { newCa: true }, "request-2");
    expect(initialized).toMatchObject({ ok: true, value: { made: true, removed: ["ca-1", "kid-1"] } });
    expect(store.names()).toEqual(["ca-2"]);
  });

  it("takes the new CA of another Berth that was faster, and keeps the leaf that it has already", async () => {
    const { deps, store, clock } = await aKeyWorld();
    const other = anInstance(store, clock);
    const addKey: typeof deps.directory.addKey = async () => {
      await initKeys(other.deps, { newCa: true }, "request-2");
      await other.ring.signingKey(aRegistry());
      return false;
    };
    const late = { ...deps, directory: { ...deps.directory, addKey } };
    expect(await initKeys(late, { newCa: true }, "request-3")).toMatchObject({
      ok: true,
      value: { ca: { name: "ca-2" }, made: false, removed: [] },
    });
    expect(store.names()).toEqual(["ca-2", "x5c-2-1"]);
  });

  it("takes the CA of another Berth that was faster", async () => {
    const { deps, store } = anInstance();
    const other = anInstance(store);
    const [mine, theirs] = await Promise.all(
      [deps, other.deps].map((each) => initKeys(each, { newCa: false }, "request-1")),
    );
    const [ca] = await listKeys(deps);
    expect([mine, theirs].map((result) => result?.ok && result.value.made).toSorted()).toEqual([false, true]);
    expect([mine, theirs]).toMatchObject([{ value: { ca } }, { value: { ca } }]);
    expect(store.events).toHaveLength(1);
  });

  it("sees a CA that another Berth writes while it looks, before that one's first namespace", async () => {
    const { deps, store } = anInstance();
    const other = anInstance(store);
    const { readKeys } = store.directory;
    store.directory.readKeys = async () => {
      store.directory.readKeys = readKeys;
      await initKeys(other.deps, { newCa: false }, "request-2");
      store.namespaces.push(aNamespace());
      return readKeys();
    };
    expect(await initKeys(deps, { newCa: false }, "request-1")).toMatchObject({
      ok: true,
      value: { made: false },
    });
  });

  it("does not go on when the store loses what it has taken", async () => {
    const { deps, store } = anInstance();
    store.directory.addKey = async () => true;
    await expect(initKeys(deps, { newCa: false }, "request-1")).rejects.toThrow("lost the CA");
  });
});
