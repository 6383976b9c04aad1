import { describe, expect, it } from "vitest";
import { aRegistry } from "../../../test/support/baseline.ts";
import { aKeyWorld, anInstance, ENCRYPTION, KEY_TEST_NOW } from "../../../test/support/key-world.ts";
import { openKeys } from "./open-keys.ts";
import { rewrapKeys } from "./rewrap-keys.ts";

const NEW = { id: "new", key: new Uint8Array(32).fill(3) };

async function aRewrapWorld() {
  const { store, clock, ring } = await aKeyWorld();
  await ring.signingKey(aRegistry());
  await ring.jwks();
  return { store, clock, deps: anInstance(store, clock, [NEW, ENCRYPTION]).deps };
}

const idsOf = (store: Awaited<ReturnType<typeof aRewrapWorld>>["store"]) =>
  Object.fromEntries(store.keys().map((key) => [key.name, key.encryptedPrivateKey.keyId]));

describe("rewrapKeys", () => {
  it("puts every key under the first encryption key, and changes nothing else of them", async () => {
    const { store, clock, deps } = await aRewrapWorld();
    const before = store.keys().map(({ encryptedPrivateKey: _, ...key }) => key);
    expect(await rewrapKeys(deps, "request-1")).toEqual({
      ok: true,
      value: { rewritten: ["ca-1", "x5c-1-1", "kid-1"] },
    });
    expect(idsOf(store)).toEqual({ "ca-1": "new", "x5c-1-1": "new", "kid-1": "new" });
    expect(store.keys().map(({ encryptedPrivateKey: _, ...key }) => key)).toEqual(before);
    expect(await openKeys(anInstance(store, clock, [NEW]).deps, "request-2")).toMatchObject({ ok: true });
    expect(store.events.at(-1)).toEqual({
      kind: "keys.changed",
      at: KEY_TEST_NOW * 1000,
      requestId: "request-1",
      detail: "key ca-1: rewrapped, key x5c-1-1: rewrapped, key kid-1: rewrapped",
    });
  });

  it("goes on where a crash has broken it off, and has nothing to do after that", async () => {
    const { store, deps } = await aRewrapWorld();
    const crash = new Error("killed");
    const { replaceKey } = store.directory;
    let writes = 0;
    store.directory.replaceKey = async (key) => {
      if (++writes === 2) throw crash;
      return replaceKey(key);
    };
    await expect(rewrapKeys(deps, "request-1")).rejects.toThrow(crash);
    store.directory.replaceKey = replaceKey;
    expect(await rewrapKeys(deps, "request-2")).toMatchObject({ value: { rewritten: ["x5c-1-1", "kid-1"] } });
    const events = store.events.length;
    expect(await rewrapKeys(deps, "request-3")).toEqual({ ok: true, value: { rewritten: [] } });
    expect(store.events).toHaveLength(events);
  });

  it("leaves a key that is removed meanwhile removed", async () => {
    const { store, deps } = await aRewrapWorld();
    const { replaceKey } = store.directory;
    store.directory.replaceKey = async (key) => {
      await store.directory.removeKey("kid-1");
      return replaceKey(key);
    };
    expect(await rewrapKeys(deps, "request-1")).toMatchObject({ value: { rewritten: ["ca-1", "x5c-1-1"] } });
    expect(store.names()).toEqual(["ca-1", "x5c-1-1"]);
  });

  it("writes nothing when a key cannot be read, and names each", async () => {
    const { store, clock } = await aRewrapWorld();
    const before = store.keys();
    const { deps } = anInstance(store, clock, [NEW]);
    expect(await rewrapKeys(deps, "request-1")).toEqual({
      ok: false,
      error: ["ca-1", "x5c-1-1", "kid-1"].map(
        (name) =>
          `key record "${name}" is encrypted under the key id "main", which BERTH_ENCRYPTION_KEY does not list`,
      ),
    });
    expect(store.keys()).toEqual(before);
  });
});
